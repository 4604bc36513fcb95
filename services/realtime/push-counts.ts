// Step 6 of 7, the way of a vote; next: services/widget/follow-counts.ts, which draws what is newer.
/** Hears the changes of one page, merges what comes within the window, sends the newest state to the page's viewers. */
import { performance } from "node:perf_hooks";
import { isNewer, type PageCounts } from "../../shared/contract/counts.ts";
import { MergeWindow } from "./merge-window.ts";
import type { Rush } from "./rush.ts";

/** Sends counts to everyone who watches their page. */
export type SendCounts = (counts: PageCounts) => void;

export interface PushTimes {
  /** Monotonic milliseconds. */
  readonly now_ms: () => number;
  /** Calls back after some milliseconds; returns how to cancel. */
  readonly after: (pause_ms: number, run: () => void) => () => void;
  /** Calls back once everything that is due at this moment has run. */
  readonly afterTurn: (run: () => void) => void;
}

/** The times of this process. */
export const SYSTEM_TIMES: PushTimes = {
  now_ms: () => performance.now(),
  after: (pause_ms, run) => {
    const timer = setTimeout(run, pause_ms);
    return () => clearTimeout(timer);
  },
  afterTurn: (run) => void setImmediate(run),
};

export interface PushOptions {
  /** Told of each state that a newer one overtook before it was sent. */
  readonly onMerged?: () => void;
  /** Whether viewers rush in, to whatever page. */
  readonly rush?: Pick<Rush, "on">;
  readonly times?: PushTimes;
}

export class PagePush {
  readonly #send: SendCounts;
  readonly #onMerged: () => void;
  readonly #times: PushTimes;
  readonly #rush: Pick<Rush, "on">;
  readonly #window = new MergeWindow<PageCounts>();
  #newest: PageCounts | undefined;
  #cancel: (() => void) | undefined;

  constructor(
    send: SendCounts,
    { onMerged = () => {}, rush = { on: false }, times = SYSTEM_TIMES }: PushOptions = {},
  ) {
    this.#send = send;
    this.#onMerged = onMerged;
    this.#rush = rush;
    this.#times = times;
  }

  /** The newest counts heard of, sent or about to be. */
  get newest(): PageCounts | undefined {
    return this.#newest;
  }

  /** Takes the counts that the first viewer is about to be told: no reason to send them again. */
  begin(counts: PageCounts): void {
    this.#newest ??= counts;
  }

  /** Takes counts from the subscription or from a read; what is not newer than what viewers were told is dropped. */
  hear(counts: PageCounts): void {
    if (!isNewer(counts, this.#newest)) return;
    this.#newest = counts;
    if (this.#window.dueAt_ms !== undefined) this.#onMerged();
    const now = this.#window.take(counts, this.#times.now_ms());
    if (now !== undefined) this.#tell(now);
    else this.#schedule();
  }

  /** Sends at once what waits for its time. */
  flush(): void {
    const due = this.#window.due(Number.POSITIVE_INFINITY);
    if (due !== undefined) this.#tell(due);
  }

  /** Drops what waits for its time. What is heard afterwards is sent all the same: whoever is done with a page ends its subscription. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Sends, and finds out what it took: by itself, and with all other pages whose turn came at the same time. */
  #tell(counts: PageCounts): void {
    const began_ms = this.#times.now_ms();
    const { on } = this.#rush;
    const told = (): void => this.#window.took(this.#times.now_ms() - began_ms, on);
    this.#send(counts);
    told();
    this.#times.afterTurn(told);
  }

  #schedule(): void {
    const at_ms = this.#window.dueAt_ms;
    if (at_ms === undefined || this.#cancel !== undefined) return;
    this.#cancel = this.#times.after(Math.max(0, at_ms - this.#times.now_ms()), () => {
      this.#cancel = undefined;
      const due = this.#window.due(this.#times.now_ms());
      if (due !== undefined) this.#tell(due);
      // Timers may fire a little early.
      else this.#schedule();
    });
  }
}
