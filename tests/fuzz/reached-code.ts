/**
 * Which of our code ran, block by block, as V8 counts it for debuggers (Chrome DevTools Protocol, Profiler domain,
 * `startPreciseCoverage`). In this process only.
 */
import { Session } from "node:inspector";

export class ReachedCode {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  /** Begins to count; what ran before does not. */
  begin(): void {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    this.newBlocks();
  }

  /** Blocks of our own code that ran since it was asked last, and never before. */
  newBlocks(): number {
    const before = this.#seen.size;
    this.#session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error !== null) throw error;
      for (const { url, functions } of result) {
        if (!/\/(?:shared|services)\//.test(url) || url.includes("/node_modules/")) continue;
        for (const { startOffset, endOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
          if (count > 0) this.#seen.add(`${url} ${startOffset} ${endOffset}`);
        }
      }
    });
    return this.#seen.size - before;
  }

  /** All blocks that ever ran. */
  get blocks(): number {
    return this.#seen.size;
  }
}
