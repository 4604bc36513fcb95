/** A bar on standard error while something takes its time; nothing at all in a pipe. */
import { Presets, SingleBar } from "cli-progress";
import type { Out } from "./out.ts";

export interface Progress {
  /** @param done of the total that it was opened with */
  show(done: number): void;
  close(): void;
}

/**
 * @param what is done, in a word or two
 * @param total of what `show` is told
 */
export function openProgress(out: Out, what: string, total: number): Progress {
  if (!out.watched || out.json) return { show: () => {}, close: () => {} };
  const bar = new SingleBar(
    {
      format: `${what} {bar} {percentage} %`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: null,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { show: (done) => bar.update(Math.min(done, total)), close: () => bar.stop() };
}
