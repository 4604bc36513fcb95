import type { Lifecycle } from "./lifecycle.ts";

/**
 * Runs `task` now and then `pause_ms` after each ending, until the lifecycle stops; runs never overlap, and one that fails
 * is reported and followed by the next.
 */
export function repeat(
  name: string,
  pause_ms: number,
  task: () => Promise<unknown>,
  lifecycle: Lifecycle,
  report: (error: unknown) => void,
): void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const run = async (): Promise<void> => {
    try {
      await task();
    } catch (error) {
      if (!stopped) report(error);
    }
    if (!stopped) timer = setTimeout(run, pause_ms);
  };
  lifecycle.onStop(name, () => {
    stopped = true;
    clearTimeout(timer);
  });
  void run();
}
