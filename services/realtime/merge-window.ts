/**
 * When to send what: the first change of a page at once, then at most one message a window, the newest state always last.
 * The window grows with what sending takes: ten thousand viewers of a page can keep a process for longer than the window,
 * and messages sent all the same would only queue up behind each other, each older than the one before.
 * A pure core: it gets the time passed in and says when it wants to be asked again.
 */

/** Least milliseconds between two messages about one page. */
export const WINDOW_MS = 100;

/** A window is at least so many times what sending took: two thirds of the process's time send, the rest does the rest. */
const SPAN = 1.5;

/**
 * While viewers rush in. Ten thousand that come at once are let in with nearly all of the process's time, and hear the newest
 * counts as they come; those who are in hear of them a little later.
 */
const SPAN_IN_A_RUSH = 20;

/** However long it took: a process that stood still for once is no reason to keep viewers waiting. */
const WINDOW_MS_MAX = 1_000;

export class MergeWindow<State> {
  #window_ms = WINDOW_MS;
  #sentAt_ms = Number.NEGATIVE_INFINITY;
  #pending: State | undefined;

  /**
   * Takes a state newer than all before it.
   * @returns the state to send now, or undefined: then ask `due` at `dueAt_ms`
   */
  take(state: State, now_ms: number): State | undefined {
    if (now_ms - this.#sentAt_ms < this.#window_ms) {
      this.#pending = state;
      return undefined;
    }
    this.#pending = undefined;
    this.#sentAt_ms = now_ms;
    return state;
  }

  /**
   * Takes how long the last message kept the process; may be told more than once, as it turns out.
   * @param rush whether viewers rushed in meanwhile
   */
  took(took_ms: number, rush: boolean): void {
    const span = rush ? SPAN_IN_A_RUSH : SPAN;
    this.#window_ms = Math.min(Math.max(WINDOW_MS, took_ms * span), WINDOW_MS_MAX);
  }

  /** When a pending state is to be sent; undefined when nothing is pending. */
  get dueAt_ms(): number | undefined {
    return this.#pending === undefined ? undefined : this.#sentAt_ms + this.#window_ms;
  }

  /** The pending state, if its time has come. */
  due(now_ms: number): State | undefined {
    const at_ms = this.dueAt_ms;
    if (at_ms === undefined || now_ms < at_ms) return undefined;
    const state = this.#pending;
    this.#pending = undefined;
    this.#sentAt_ms = now_ms;
    return state;
  }
}
