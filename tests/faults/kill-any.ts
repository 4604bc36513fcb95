import { setTimeout as pause } from "node:timers/promises";
import { killApi } from "./kill-api.ts";
import { killRealtime } from "./kill-realtime.ts";
import { killRedis } from "./kill-redis.ts";
import type { FaultScene } from "./rig/round.ts";

/** Kills in one round. */
export const KILLS_A_ROUND = 10;

/** Kills anything at any moment, ten times; also while what was killed before is still coming back. */
export async function killAny(scene: FaultScene): Promise<void> {
  const { bed, random } = scene;
  const killOneWorker = async (): Promise<void> => {
    const worker = random.pick(bed.workers);
    await worker.kill();
    await worker.start();
  };
  const coming = new Map<string, Promise<void>>();
  for (let kills = 0; kills < KILLS_A_ROUND; kills++) {
    const [name, kill] = random.pick([
      ["worker", killOneWorker],
      ["api", () => killApi(scene)],
      ["realtime", () => killRealtime(scene)],
      ["redis", () => killRedis(scene)],
    ] as const);
    // Of one kind one after the other: a start that is killed before it listens would only fail the start.
    await coming.get(name);
    coming.set(name, kill());
    await pause(random.below(300));
  }
  await Promise.all(coming.values());
}
