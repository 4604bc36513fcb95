/**
 * Crowds of viewers in processes of their own: ten thousand that come at once take as much of a processor as the service that
 * they come to, and those who vote and write down what they are told must not wait for them.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a process of viewers is told to do. */
export interface ViewerCrowd {
  /** Taken in turn. */
  readonly ports: readonly number[];
  readonly pages: readonly string[];
  readonly count: number;
  /** The least revision, of one of the pages, that a viewer must be told to be there; default: any. */
  readonly rev?: number;
}

export interface ViewerProcesses {
  /** Opens as many on top of those that are there; resolves when all of them watch and know the counts. */
  open(crowd: ViewerCrowd): Promise<void>;
  /** All of them read nothing any more, as on devices that went to sleep; their systems take what fits. */
  freeze(): void;
  /** Ends all of them as a crash would. */
  kill(): void;
}

/** Begins `processes` of them, still without viewers; resolves when they can be told. */
export async function beginViewerProcesses(processes: number): Promise<ViewerProcesses> {
  const file = fileURLToPath(new URL("viewer-process.ts", import.meta.url));
  const children = Array.from({ length: processes }, () => fork(file));
  await Promise.all(children.map((child) => once(child, "message")));
  return {
    open: async (crowd) => {
      const share: ViewerCrowd = { ...crowd, count: Math.ceil(crowd.count / processes) };
      await Promise.all(
        children.map(async (child) => {
          child.send(share);
          await once(child, "message");
        }),
      );
    },
    freeze: () => {
      for (const child of children) child.kill("SIGSTOP");
    },
    kill: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
