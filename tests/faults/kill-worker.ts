import { setTimeout as pause } from "node:timers/promises";
import type { Job } from "bullmq";
import type { FaultScene } from "./rig/round.ts";

const TRIES_MAX = 2_000;

/** What is measured, in seconds. */
export const TALLIED_AFTER = "votes in hand tallied after the kill";

/**
 * Kills the workers while they have a job in hand, starts them again, and waits until the job is done: its lock has to run out
 * first. They are stopped before, so that "in hand" can be looked for and stays true.
 */
export async function killWorker({ bed: { workers }, backlog, measured }: FaultScene): Promise<void> {
  let jobs: readonly Job[] = [];
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    for (const worker of workers) worker.freeze();
    jobs = await backlog.inHand();
    if (jobs.length > 0) break;
    for (const worker of workers) worker.thaw();
    await pause(tries % 7);
  }
  if (jobs.length === 0) throw new Error("no worker ever had a job in hand");
  const killed_ms = performance.now();
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(workers.map((worker) => worker.start()));
  // A job that is done is gone.
  const done = async (): Promise<boolean> => {
    return (await Promise.all(jobs.map((job) => job.getState()))).every((state) => state === "unknown");
  };
  while (!(await done())) await pause(25);
  measured(TALLIED_AFTER, (performance.now() - killed_ms) / 1_000, "s");
}
