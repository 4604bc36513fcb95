/**
 * A crowd of viewers in a process of its own: ten thousand that come at once take as much of a processor as the service that
 * they come to, and those who vote and write down what they are told must not wait for them. It is one process,
 * for several would only take turns with the services on two cores.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What such a process is told to do. */
export interface ViewerCrowd {
  /** Taken in turn. */
  readonly ports: readonly number[];
  readonly pages: readonly string[];
  readonly count: number;
  /** The least revision, of one of the pages, that a viewer must be told to be there; default: any. */
  readonly rev?: number;
}

export interface ViewerProcess {
  /** Opens as many on top of those that are there; resolves when all of them watch and know the counts. */
  open(crowd: ViewerCrowd): Promise<void>;
  /** All of them read nothing any more, as on devices that went to sleep; their systems take what fits. */
  freeze(): void;
  /** Ends all of them as a crash would. */
  kill(): void;
}

/** Begins one, still without viewers; resolves when it can be told. */
export async function beginViewerProcess(): Promise<ViewerProcess> {
  const child = fork(fileURLToPath(new URL("viewer-process.ts", import.meta.url)));
  await once(child, "message");
  return {
    open: async (crowd) => {
      child.send(crowd);
      await once(child, "message");
    },
    freeze: () => void child.kill("SIGSTOP"),
    kill: () => void child.kill("SIGKILL"),
  };
}
