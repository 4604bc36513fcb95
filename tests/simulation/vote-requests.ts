/**
 * Requests of votes on their way to an API process and back: the request may arrive twice, the answer twice or never. What was asked
 * and heard goes into the history.
 */
import { ANSWER_MS_MAX } from "../../shared/client/request.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import type { VoteRequest } from "../../shared/contract/votes.ts";
import { SETTLED } from "../../shared/tallies/record.ts";
import { CommitFullError } from "../../shared/votes/group-commit.ts";
import type { History, VoteAsked } from "../faults/rig/history.ts";
import type { Network } from "./network.ts";
import { BEGAN_MS, type VoteIntake } from "./vote-intake.ts";

const NAMES: readonly string[] = DEFAULT_REACTIONS;

/** An answer as events have it; over HTTP the status says which of the two it is. */
export type VoteAck =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly problem: { readonly code: string; readonly retryable: true } };

/** A token whose voter has this number; in a world they all look alike but for that. */
export function tokenOf(voter: number): string {
  return `a1.s.${voter.toString(16).padStart(22, "0")}.${"0".repeat(22)}`;
}

/** The voter's pseudonym, on every page the same; also their name in the history. */
function pseudonymOf(token = ""): string {
  return token.slice(11, 27);
}

/** Told what the client hears; nothing: that no answer will be heard. Only the first word counts. */
export type Hear = (ack?: VoteAck) => void;

type Asked = Pick<VoteAsked, "voter" | "page" | "reaction" | "road" | "began_ms">;

export class VoteRequests {
  readonly #network: Network;
  readonly #history: History;
  readonly #intakes: readonly VoteIntake[];

  constructor(network: Network, history: History, intakes: readonly VoteIntake[]) {
    this.#network = network;
    this.#history = history;
    this.#intakes = intakes;
  }

  /** A client asks; the returned function tells what it hears first, nothing after `ANSWER_MS_MAX`. */
  asks({ page, reaction, voter }: VoteRequest, road: VoteAsked["road"]): Hear {
    const asked: Asked = { voter: pseudonymOf(voter), page, reaction, road, began_ms: this.#time_ms };
    let open = true;
    const hear: Hear = (ack) => {
      if (!open) return;
      open = false;
      giveUp();
      this.#note(asked, ack);
    };
    const giveUp = this.#network.scheduler.after(ANSWER_MS_MAX, hear);
    return hear;
  }

  /** The request arrives, once or twice. */
  arrive(vote: VoteRequest, road: VoteAsked["road"], answer: (ack: VoteAck) => void): void {
    const again = this.#network.mishap(0.05);
    void this.#accept(vote).then(answer);
    if (!again) return;
    this.#network.later(200, () => {
      // Nobody can tell whose answer is heard; so of this one nothing is known.
      const { page, reaction, voter } = vote;
      this.#note({ voter: pseudonymOf(voter), page, reaction, road, began_ms: this.#time_ms });
      void this.#accept(vote).then(answer);
    });
  }

  /** How often an answer arrives over HTTP, where each is on its own. */
  get answers(): number {
    if (this.#network.mishap(0.05)) return 0;
    return this.#network.mishap(0.05) ? 2 : 1;
  }

  async #accept({ page, reaction, voter }: VoteRequest): Promise<VoteAck> {
    const index = reaction === null ? null : NAMES.indexOf(reaction) + SETTLED;
    try {
      const vote = { site: "default", page, voter: pseudonymOf(voter), reaction: index, source: 0 };
      return { ok: true, at: await this.#network.random.pick(this.#intakes).accept(vote) };
    } catch (error) {
      const code = error instanceof CommitFullError ? "overloaded" : "unavailable";
      return { ok: false, problem: { code, retryable: true } };
    }
  }

  #note(asked: Asked, ack?: VoteAck): void {
    const known = { ...asked, ended_ms: this.#time_ms };
    if (ack === undefined) this.#history.votes.push({ ...known, outcome: "unknown", status: 0 });
    else if (ack.ok) this.#history.votes.push({ ...known, outcome: "accepted", status: 202, at: ack.at });
    else {
      const outcome = ack.problem.code === "overloaded" ? "refused" : "unknown";
      this.#history.votes.push({ ...known, outcome, status: 503 });
    }
  }

  get #time_ms(): number {
    return BEGAN_MS + this.#network.scheduler.now_ms;
  }
}
