import { setTimeout as pause } from "node:timers/promises";
import { now_ms } from "./rig/clock.ts";
import { pushLagP99_ms } from "./rig/push-lag.ts";
import { residentMemory_bytes } from "./rig/read-metrics.ts";
import type { FaultScene } from "./rig/round.ts";
import { beginViewerProcesses } from "./rig/viewer-processes.ts";
import { timesBefore, voteP99_ms } from "./rig/vote-p99.ts";

const VIEWERS = 1_000;
const DEAF_MS = 10_000;

/** How long it is measured how others fare without them, and how while they read. */
const CALM_MS = 8_000;

/** What is measured: a thousand viewers cost what they cost; that they stop to read must cost others nothing. */
export const TO_READERS = "vote p99 meanwhile to while they read";

/** A thousand viewers watch every page, and then read nothing of it. Those who read, and who vote, must not notice. */
export async function slowViewers(scene: FaultScene): Promise<void> {
  const { bed, random, pages, history, viewers, measured } = scene;
  /** @returns the p99 of votes, ms */
  const fare = async (when: string, since_ms: number): Promise<number> => {
    const p99_ms = voteP99_ms(history, since_ms);
    measured(`vote p99 ${when}`, p99_ms, "ms");
    measured(`push lag p99 ${when}`, pushLagP99_ms(history, viewers, since_ms), "ms");
    return p99_ms;
  };
  const crowd = await beginViewerProcesses(1);
  try {
    const calm_ms = now_ms();
    await pause(CALM_MS);
    await fare("before", calm_ms);
    const realtime = random.pick(bed.realtimes);
    await crowd.open({ ports: [realtime.port], pages, count: VIEWERS });
    const read_ms = now_ms();
    await pause(CALM_MS);
    const before_ms = await fare("while they read", read_ms);
    crowd.freeze();
    const before_bytes = await residentMemory_bytes(realtime.url);
    const deaf_ms = now_ms();
    await pause(DEAF_MS);
    const grown_bytes = (await residentMemory_bytes(realtime.url)) - before_bytes;
    measured(TO_READERS, timesBefore(await fare("meanwhile", deaf_ms), before_ms), "×");
    measured(`memory for ${VIEWERS} viewers in ${DEAF_MS / 1_000} s`, grown_bytes / 1e6, "MB");
  } finally {
    crowd.kill();
  }
}
