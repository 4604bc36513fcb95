import type { ChildProcess } from "node:child_process";

const living = new Set<ChildProcess>();

/**
 * Ends the child when this process exits without having stopped its lifecycle, as after an uncaught error. A process that
 * is killed cannot do that: see end-orphan.
 * @returns call it when the child has ended
 */
export function endWithUs(child: ChildProcess): () => void {
  // One listener for all of them: Node warns of a leak when there are many.
  if (living.size === 0) process.on("exit", endAll);
  living.add(child);
  return () => {
    living.delete(child);
    if (living.size === 0) process.off("exit", endAll);
  };
}

function endAll(): void {
  for (const child of living) child.kill("SIGTERM");
}
