import { setTimeout as pause } from "node:timers/promises";
import type { FaultScene } from "./rig/round.ts";

const TRIES_MAX = 2_000;

/**
 * Kills the workers while they have a job in hand, and starts them again. They are stopped first, so that "in hand" can be
 * looked for and stays true.
 */
export async function killWorker({ bed: { workers }, backlog }: FaultScene): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    for (const worker of workers) worker.freeze();
    if ((await backlog.active()) > 0) break;
    for (const worker of workers) worker.thaw();
    await pause(tries % 7);
  }
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(workers.map((worker) => worker.start()));
}
