/**
 * Merges the votes of several jobs on one page into one script call: at most one call a page every 50 ms, sooner only when
 * as much waits as a call takes. A page that thousands vote on at once would otherwise cost its master a call, a sync and a
 * publication for each small commit of each API process; viewers are told ten times a second anyway. Each call publishes
 * what it did, so the newest state is always published last, whoever dies.
 */
import { type TallyResult, type TallyVote, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";

/** Between the beginnings of two calls for one page. A page's first call is never held up. */
const CALL_PAUSE_MS = 50;

/** So many jobs that wait are called for at once: who waits holds one of the worker's places for jobs. */
const JOBS_A_CALL = 16;

/** Makes one script call. */
export type TallyOne = (site: string, page: string, votes: readonly TallyVote[]) => Promise<TallyResult>;

interface Waiting {
  readonly votes: readonly TallyVote[];
  readonly resolve: (result: TallyResult) => void;
  readonly reject: (reason: unknown) => void;
}

interface Page {
  readonly waiting: Waiting[];
  /** Ends the pause before the next call. */
  hurry: () => void;
}

export class PageCalls {
  readonly #call: TallyOne;
  /** Pages with a call in flight or less than the pause ago; all others are forgotten. */
  readonly #pages = new Map<string, Page>();

  constructor(call: TallyOne) {
    this.#call = call;
  }

  /** Pages that are remembered at this moment. */
  get size(): number {
    return this.#pages.size;
  }

  /**
   * Resolves once the votes are tallied. Of several jobs whose votes share a call the first gets what the call did, the
   * others get zeros, so that sums over jobs stay right.
   * @param votes at most `VOTES_A_CALL_MAX`
   */
  tally(site: string, page: string, votes: readonly TallyVote[]): Promise<TallyResult> {
    const name = `${site}\n${page}`;
    return new Promise((resolve, reject) => {
      const waiting = { votes, resolve, reject };
      const present = this.#pages.get(name);
      if (present !== undefined) {
        present.waiting.push(waiting);
        if (isFull(present.waiting)) present.hurry();
        return;
      }
      const fresh: Page = { waiting: [waiting], hurry: () => {} };
      this.#pages.set(name, fresh);
      void this.#callAll(site, page, name, fresh);
    });
  }

  async #callAll(site: string, page: string, name: string, state: Page): Promise<void> {
    while (state.waiting.length > 0) {
      const pause = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, CALL_PAUSE_MS);
        state.hurry = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      await this.#callOnce(site, page, takeTogether(state.waiting));
      if (isFull(state.waiting)) state.hurry();
      await pause;
    }
    // In the same turn as the last look at what waits, or a vote could slip in between and wait for ever.
    this.#pages.delete(name);
  }

  async #callOnce(site: string, page: string, together: readonly Waiting[]): Promise<void> {
    try {
      const result = await this.#call(
        site,
        page,
        together.flatMap(({ votes }) => votes),
      );
      const nothing = {
        ...result,
        applied: 0,
        stale: 0,
        refused: 0,
        moved: result.moved.map(() => 0),
        changes: [],
      };
      for (const [at, { resolve }] of together.entries()) resolve(at === 0 ? result : nothing);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
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
  if (waiting.length >= JOBS_A_CALL) return true;
  return waiting.reduce((sum, { votes }) => sum + votes.length, 0) >= VOTES_A_CALL_MAX;
}
