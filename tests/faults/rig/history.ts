/** What clients asked, what they were told, and when: all that the checker knows. */
import type { PageCounts } from "../../../shared/contract/counts.ts";

/**
 * - `accepted`: 202, so it must be in the state unless a later vote of that voter replaced it.
 * - `tallied`: 200 after `Prefer: wait`: it was in the totals by then.
 * - `refused`: nothing was stored, and never may be.
 * - `unknown`: no answer, or one that says "perhaps" (503 `unavailable`): stored once or not at all.
 */
export type Outcome = "accepted" | "tallied" | "refused" | "unknown";

export interface VoteAsked {
  /** The voter's token. */
  readonly voter: string;
  readonly page: string;
  readonly reaction: string | null;
  readonly road: "http" | "socket";
  /** Address of the process that was asked; a simulated one has none. */
  readonly process?: string;
  /** When it was asked and when the outcome was known, Unix milliseconds. */
  readonly began_ms: number;
  readonly ended_ms: number;
  readonly outcome: Outcome;
  /** The service's stamp; present when accepted or tallied. */
  readonly at?: number;
  /** The answer's status, 0 without one. */
  readonly status: number;
  /** The client would rather wait until the vote is tallied. */
  readonly waits?: true;
  /** What the answer told of the page; present when tallied. */
  readonly counts?: PageCounts;
}

export type VoteUnderWay = Pick<
  VoteAsked,
  "voter" | "page" | "reaction" | "road" | "process" | "began_ms" | "waits"
>;

/** A voter asked what they hold on a page. */
export interface MineRead {
  readonly voter: string;
  readonly page: string;
  readonly reaction: string | null;
  /** When it was asked and when the answer was there, Unix milliseconds. */
  readonly began_ms: number;
  readonly ended_ms: number;
}

/** A viewer was sent counts. */
export interface CountsSeen {
  /**
   * When the watch was asked that they answer, Unix ms; left out of news. Such an answer may come later than news that were newer;
   * clients draw what is newer.
   */
  readonly asked_ms?: number;
  /** Another one after each watch, and so after each reconnect; named after the viewer, with a number behind a dot. */
  readonly connection: string;
  readonly seen_ms: number;
  readonly counts: PageCounts;
}

export class History {
  readonly votes: VoteAsked[] = [];
  /** Votes whose outcome is not known yet. */
  readonly underWay = new Set<VoteUnderWay>();
  readonly reads: MineRead[] = [];
  readonly seen: CountsSeen[] = [];
  /** How the viewers' connections fared: proves nothing, but explains. */
  readonly connections: ConnectionEvent[] = [];
}

export interface ConnectionEvent {
  readonly viewer: string;
  /** Unix ms. */
  readonly at_ms: number;
  readonly what: string;
}

/** What is kept of a voter on a page. */
export interface FinalRecord {
  /** The voter's token; of a voter that the history does not name, the pseudonym on that page. */
  readonly voter: string;
  readonly page: string;
  readonly reaction: string | null;
  readonly at: number;
  /** It is in no total. */
  readonly held?: true;
}

/** Everything once all is quiet. */
export interface FinalState {
  /** When it was read, Unix ms by the clock that Redis has. */
  readonly read_ms: number;
  /** Whether votes may be held here, so that an accepted one need not be in any total. */
  readonly mayHold?: boolean;
  readonly pages: readonly PageCounts[];
  /** All that Redis keeps of these pages, whoever asked for it. */
  readonly records: readonly FinalRecord[];
  /** Those who watched every page to the end. */
  readonly viewers: readonly string[];
  /** What each viewer showed in the end. */
  readonly shown: readonly { readonly viewer: string; readonly counts: PageCounts }[];
  /** Left out where there is nobody to ask. */
  readonly outside?: OutsideView;
}

/** What the service tells of the same to those outside. */
export interface OutsideView {
  /** `GET counts` of each page, of each process that was asked. */
  readonly pages: readonly PageCounts[];
  /** All that the export has of these pages. */
  readonly records: readonly FinalRecord[];
  /** `GET mine` of some voters, on every page that they voted on. */
  readonly mine: readonly Omit<FinalRecord, "at">[];
}
