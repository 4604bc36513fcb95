/**
 * Merges the votes of several jobs on one page into one script call: at most one call a page every 50 ms, sooner only when
 * as much waits as a call takes. A page that thousands vote on at once would otherwise cost its master a call, a sync and a
 * publication for each small commit of each API process; viewers are told ten times a second anyway. Each call publishes
 * what it did, so the newest state is always published last, whoever dies.
 *
 * Pages wait for one common beat: their calls, and the ends of the jobs that waited for them, then reach Redis together,
 * and one sync of its file serves them all.
 */
import { VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";

/** Between two calls for one page. A page's first call is never held up. */
const BEAT_MS = 50;

/** Makes one script call, and what must follow from it. */
export type TallyOne = (site: string, page: string, votes: readonly AcceptedVote[]) => Promise<void>;

/** Does something again and again; returns how to end it. */
type Every = (pause_ms: number, run: () => void) => () => void;

const everySystem: Every = (pause_ms, run) => {
  const timer = setInterval(run, pause_ms);
  return () => clearInterval(timer);
};

interface Waiting {
  readonly votes: readonly AcceptedVote[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

interface Page {
  readonly site: string;
  readonly page: string;
  readonly waiting: Waiting[];
  /** A call is in flight: the next one waits for its end. */
  calling: boolean;
  /** A beat has passed since its first call: from the next one on it may be called again. */
  rested: boolean;
}

export class PageCalls {
  readonly #call: TallyOne;
  /** Pages with a call in flight or a beat ago; all others are forgotten. */
  readonly #pages = new Map<string, Page>();
  readonly #every: Every;
  #endBeat: (() => void) | undefined;

  /** @param every what beats; simulations have a time of their own */
  constructor(call: TallyOne, every = everySystem) {
    this.#call = call;
    this.#every = every;
  }

  /** Pages that are remembered at this moment. */
  get size(): number {
    return this.#pages.size;
  }

  /**
   * Resolves once the votes are tallied.
   * @param votes at most `VOTES_A_CALL_MAX`
   * @throws what the call that they were part of threw
   */
  tally(site: string, page: string, votes: readonly AcceptedVote[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const name = `${site}\n${page}`;
      const known = this.#pages.get(name);
      const state = known ?? { site, page, waiting: [], calling: false, rested: false };
      state.waiting.push({ votes, resolve, reject });
      if (known === undefined) this.#pages.set(name, state);
      if (known === undefined || isFull(state.waiting)) void this.#callFor(state);
      this.#endBeat ??= this.#every(BEAT_MS, () => this.#onBeat());
    });
  }

  #onBeat(): void {
    for (const [name, state] of this.#pages) {
      if (!state.rested) state.rested = true;
      else if (state.waiting.length > 0) void this.#callFor(state);
      else if (!state.calling) this.#pages.delete(name);
    }
    if (this.#pages.size > 0) return;
    this.#endBeat?.();
    this.#endBeat = undefined;
  }

  async #callFor(state: Page): Promise<void> {
    if (state.calling) return;
    state.calling = true;
    do {
      const together = takeTogether(state.waiting);
      try {
        await this.#call(
          state.site,
          state.page,
          together.flatMap(({ votes }) => votes),
        );
        for (const { resolve } of together) resolve();
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    } while (isFull(state.waiting));
    state.calling = false;
  }
}

/** Takes as many from the front as one call may hold, in order. */
function takeTogether(waiting: Waiting[]): readonly Waiting[] {
  const taken: Waiting[] = [];
  for (let count = 0; ; ) {
    const [next] = waiting;
    if (next === undefined) return taken;
    count += next.votes.length;
    if (taken.length > 0 && count > VOTES_A_CALL_MAX) return taken;
    waiting.shift();
    taken.push(next);
  }
}

function isFull(waiting: readonly Waiting[]): boolean {
  return waiting.reduce((sum, { votes }) => sum + votes.length, 0) >= VOTES_A_CALL_MAX;
}
