/**
 * Starting and stopping, as a contract: whoever opens a thing registers its closing at once; closing runs last-in
 * first-out; stopping twice, concurrently or before anything was opened is safe; one closing that fails or hangs keeps
 * none of the others from running.
 */

import { within } from "./within.ts";

/** Closes one thing; may be slow, may fail. */
export type Closing = () => unknown;

interface Opened {
  readonly name: string;
  readonly close: Closing;
}

/** Told of every closing that failed or did not end in time. */
export type ReportFailure = (name: string, error: unknown) => void;

export class Lifecycle {
  readonly #opened: Opened[] = [];
  readonly #report: ReportFailure;
  readonly #closing_ms_max: number;
  #stopped: Promise<void> | undefined;

  /**
   * @param report hears of closings that failed
   * @param closing_ms_max longest a single closing may take before the next one is begun
   */
  constructor(report: ReportFailure = () => {}, closing_ms_max = 3_000) {
    this.#report = report;
    this.#closing_ms_max = closing_ms_max;
  }

  /** Whether stopping has begun. */
  get stopping(): boolean {
    return this.#stopped !== undefined;
  }

  /** Registers the closing of something just opened. What is opened while stopping is closed at once. */
  onStop(name: string, close: Closing): void {
    if (this.#stopped === undefined) this.#opened.push({ name, close });
    else this.#stopped = Promise.all([this.#stopped, this.#close({ name, close })]).then(() => {});
  }

  /** Closes everything, last opened first; resolves when all is closed. Every call returns the same ending. */
  stop(): Promise<void> {
    this.#stopped ??= this.#closeAll();
    return this.#stopped;
  }

  async #closeAll(): Promise<void> {
    // The first await comes before the first closing, so that `stopping` is already true inside it.
    await Promise.resolve();
    for (let next = this.#opened.pop(); next !== undefined; next = this.#opened.pop())
      await this.#close(next);
  }

  async #close({ name, close }: Opened): Promise<void> {
    try {
      await within(this.#closing_ms_max, Promise.resolve().then(close), "did not close in time");
    } catch (error) {
      this.#report(name, error);
    }
  }
}
