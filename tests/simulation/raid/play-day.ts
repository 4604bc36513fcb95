/**
 * Plays a day of presses through what decides about them in the service: the hash of the network, the quota of new voters,
 * the count of newcomers that puzzles are asked by, a worker's count of the site's readers, and tally.lua in a real Redis. Whoever is
 * asked solves. Only the clock is ours. Votes on the site's other pages are counted as readers and nowhere else.
 */
import { createHash } from "node:crypto";
import { SiteReaders } from "../../../services/worker/site-readers.ts";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { countNewcomer } from "../../../shared/tallies/count-newcomers.ts";
import { readRecords } from "../../../shared/tallies/read-records.ts";
import { HELD, isHeld, WITHDRAWN } from "../../../shared/tallies/record.ts";
import { type TallyVote, tallyPage, VOTES_A_CALL_MAX } from "../../../shared/tallies/tally-page.ts";
import { tellStrangers } from "../../../shared/tallies/tell-strangers.ts";
import { type PuzzleLevel, puzzleLevel } from "../../../shared/votes/puzzle-level.ts";
import { roughNeighbourhoodIn, Sources } from "../../../shared/votes/source.ts";
import { DAY_S, type Press, type ReaderKind } from "./presses.ts";

/** Presses of so long share a call; the service merges over 50 ms. */
const TICK_S = 20;
/** How often it is looked which votes are held, and what counts as late: every fifth minute, past ten. */
const LOOK_S = 300;
const LATE_S = 600;
/** Of shared/votes/voter-limits.ts. */
const NEW_VOTERS_A_MINUTE_MAX = 600;

/** What became of the presses of one side. */
export interface Fate {
  readonly presses: number;
  /** Refused with 429. */
  readonly refused: number;
  /** Requests with a vote, on other pages too. */
  readonly votes: number;
  /** Requests for a new voter's token, without those that bring a solution. */
  readonly tokens: number;
  /** Puzzles by level: 1, 2, 3. */
  readonly asked: Readonly<Record<Exclude<PuzzleLevel, 0>, number>>;
  /** In the public total when the day ends. */
  readonly counted: number;
  /** Held at one of the looks, and when the day ends. */
  readonly everHeld: number;
  readonly held: number;
  /** Held for longer than ten minutes. */
  readonly late: number;
}

export interface PlayedDay {
  readonly honest: Fate;
  readonly attack: Fate;
  /** Of the honest readers of each kind: presses on the page, and of those the refused or late ones. */
  readonly kinds: Readonly<Record<ReaderKind, { readonly presses: number; readonly late: number }>>;
  readonly total: number;
}

export async function playDay(
  redis: RedisConnection,
  page: string,
  presses: readonly Press[],
): Promise<PlayedDay> {
  const sources = new Sources(redis, "a secret that only the simulation knows");
  // All of the day has one key of sources.
  const begin_ms = Date.now() - (Date.now() % (DAY_S * 1_000));
  await sources.refresh(begin_ms);
  const quota = new Map<string, number>();
  const cast = new Map<string, Press>();
  const refused = { honest: 0, attack: 0 };
  const refusedKinds = new Map<ReaderKind | undefined, number>();
  const sent = { honest: { votes: 0, tokens: 0 }, attack: { votes: 0, tokens: 0 } };
  const tokens = new Set<number>();
  const asked = { honest: { 1: 0, 2: 0, 3: 0 }, attack: { 1: 0, 2: 0, 3: 0 } };
  const heldSince = new Map<string, number>();
  const late = new Set<string>();
  const readers = new SiteReaders();
  let waiting: TallyVote[] = [];
  let elsewhere: TallyVote[] = [];
  let [tick, look_s] = [0, LOOK_S];
  const tally = async (): Promise<void> => {
    for (let from = 0; from < waiting.length; from += VOTES_A_CALL_MAX)
      await tallyPage(redis, "raid", page, waiting.slice(from, from + VOTES_A_CALL_MAX));
    readers.note("raid", page, waiting);
    readers.note("raid", "all other pages", elsewhere);
    [waiting, elsewhere] = [[], []];
    const strangers = readers.strangersOf("raid", page);
    if (strangers !== undefined) await tellStrangers(redis, "raid", page, strangers);
  };
  const look = async (): Promise<ReadonlyMap<string, boolean>> => {
    const states = new Map<string, boolean>();
    for await (const records of readRecords(redis, "raid", page))
      for (const { voter, reaction } of records) {
        const held = isHeld(reaction);
        // Figures about votes that were not tallied as they were cast would mean nothing.
        if (reaction !== (reactionOf(cast.get(voter)) ?? WITHDRAWN) + (held ? HELD : 0))
          throw new Error(`${voter} does not hold what it cast`);
        if (reaction !== WITHDRAWN) states.set(voter, held);
      }
    for (const [voter, held] of states) {
      if (!held) continue;
      const since_s = heldSince.get(voter) ?? cast.get(voter)?.at_s ?? 0;
      heldSince.set(voter, since_s);
      if (look_s - since_s > LATE_S) late.add(voter);
    }
    return states;
  };
  for (const [number, press] of [...presses].sort((a, b) => a.at_s - b.at_s).entries()) {
    const { at_s, address, honest, token } = press;
    if (Math.floor(at_s / TICK_S) !== tick) {
      await tally();
      tick = Math.floor(at_s / TICK_S);
    }
    for (; look_s <= at_s; look_s += LOOK_S) await look();
    const at = begin_ms + Math.floor(at_s) * 1_000 + (number % 1_000);
    const name = token === undefined ? `voter ${number}` : `token ${token}`;
    const source = sources.hash(address);
    const requests = sent[honest ? "honest" : "attack"];
    if (token === undefined || !tokens.has(token)) requests.tokens++;
    if (token !== undefined) tokens.add(token);
    if (press.elsewhere) {
      requests.votes++;
      elsewhere.push({ voter: pseudonym(`elsewhere ${name}`), reaction: 0, at, source });
      continue;
    }
    const window = `${address} ${Math.floor(at_s / 60)}`;
    const made = (quota.get(window) ?? 0) + 1;
    if (token === undefined && made > NEW_VOTERS_A_MINUTE_MAX) {
      refused[honest ? "honest" : "attack"]++;
      refusedKinds.set(press.kind, (refusedKinds.get(press.kind) ?? 0) + 1);
      continue;
    }
    if (token === undefined) {
      quota.set(window, made);
      const heat = await countNewcomer(redis, page, roughNeighbourhoodIn(source), begin_ms + at_s * 1_000);
      const level = puzzleLevel("auto", heat);
      if (level !== 0) asked[honest ? "honest" : "attack"][level]++;
    }
    const voter = pseudonym(`${page} ${name}`);
    cast.set(voter, press);
    requests.votes++;
    waiting.push({ voter, reaction: reactionOf(press), at, source });
  }
  await tally();
  const states = await look();
  const fate = (honest: boolean): Fate => {
    const voters = [...cast].filter(([, press]) => press.honest === honest).map(([voter]) => voter);
    const count = (is: (voter: string) => boolean): number => voters.filter(is).length;
    return {
      presses: presses.filter((press) => press.honest === honest && !press.elsewhere).length,
      refused: refused[honest ? "honest" : "attack"],
      ...sent[honest ? "honest" : "attack"],
      asked: asked[honest ? "honest" : "attack"],
      counted: count((voter) => states.get(voter) === false),
      everHeld: count((voter) => heldSince.has(voter)),
      held: count((voter) => states.get(voter) === true),
      late: count((voter) => late.has(voter)),
    };
  };
  const kind = (name: ReaderKind) => ({
    presses: presses.filter((press) => press.kind === name).length,
    late: (refusedKinds.get(name) ?? 0) + [...late].filter((voter) => cast.get(voter)?.kind === name).length,
  });
  return {
    honest: fate(true),
    attack: fate(false),
    kinds: {
      homes: kind("homes"),
      families: kind("families"),
      offices: kind("offices"),
      carriers: kind("carriers"),
    },
    total: [...states.values()].filter((held) => !held).length,
  };
}

function reactionOf(press: Press | undefined): number | null {
  if (press?.withdraws) return null;
  return press?.honest === true ? 0 : 2;
}

function pseudonym(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, 16);
}
