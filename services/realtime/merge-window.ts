/**
 * When to send what: the first change of a page at once, then at most one message a window, the newest state always last.
 * A pure core: it gets the time passed in and says when it wants to be asked again.
 */

/** Milliseconds between two messages about one page. */
export const WINDOW_MS = 100;

export class MergeWindow<State> {
  #sentAt_ms = Number.NEGATIVE_INFINITY;
  #pending: State | undefined;

  /**
   * Takes a state newer than all before it.
   * @returns the state to send now, or undefined: then ask `due` at `dueAt_ms`
   */
  take(state: State, now_ms: number): State | undefined {
    if (now_ms - this.#sentAt_ms < WINDOW_MS) {
      this.#pending = state;
      return undefined;
    }
    this.#pending = undefined;
    this.#sentAt_ms = now_ms;
    return state;
  }

  /** When a pending state is to be sent; undefined when nothing is pending. */
  get dueAt_ms(): number | undefined {
    return this.#pending === undefined ? undefined : this.#sentAt_ms + WINDOW_MS;
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
