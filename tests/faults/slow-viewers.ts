import { setTimeout as pause } from "node:timers/promises";
import type { ServiceProcess } from "../support/service-process.ts";
import { beginViewerProcess } from "./rig/begin-viewer-process.ts";
import { now_ms } from "./rig/clock.ts";
import { pushLagP99_ms } from "./rig/push-lag.ts";
import { readMetric, residentMemory_bytes } from "./rig/read-metrics.ts";
import type { FaultScene } from "./rig/round.ts";
import { timesBefore, voteP99_ms } from "./rig/vote-p99.ts";

const VIEWERS = 1_000;
/** Longer than the 45 s after which socket.io gives up whoever answers no ping. */
const DEAF_MS = 60_000;

/** Between two looks at the memory. */
const LOOK_MS = 1_000;

/** How long it is measured how others fare without them, and how while they read. */
const CALM_MS = 8_000;

/** What is measured: a thousand viewers cost what they cost; that they stop to read must cost others nothing. */
export const TO_READERS = "vote p99 meanwhile to while they read";

/** What is measured: the most that the memory of their process is above what it was, MB. */
export const MEMORY = `memory for ${VIEWERS} viewers who read nothing`;

/**
 * A thousand viewers watch every page, and then read nothing of it until they are given up. Those who read, and who vote, must not
 * notice.
 */
export async function slowViewers(scene: FaultScene): Promise<void> {
  const { bed, random, pages, history, viewers, measured } = scene;
  /** @returns the p99 of votes, ms */
  const fare = async (when: string, since_ms: number): Promise<number> => {
    const p99_ms = voteP99_ms(history, since_ms);
    measured(`vote p99 ${when}`, p99_ms, "ms");
    measured(`push lag p99 ${when}`, pushLagP99_ms(history, viewers, since_ms), "ms");
    return p99_ms;
  };
  const crowd = await beginViewerProcess();
  try {
    const calm_ms = now_ms();
    await pause(CALM_MS);
    const calmP99_ms = await fare("before", calm_ms);
    const realtime = random.pick(bed.realtimes);
    await crowd.open({ ports: [realtime.port], pages, count: VIEWERS });
    const read_ms = now_ms();
    await pause(CALM_MS);
    const before_ms = await fare("while they read", read_ms);
    crowd.freeze();
    const there = await readMetric(realtime.url, "reactions_viewers");
    const deaf_ms = now_ms();
    measured(MEMORY, (await mostGrown_bytes(realtime, DEAF_MS)) / 1e6, "MB");
    const gone = there - (await readMetric(realtime.url, "reactions_viewers"));
    if (gone < VIEWERS) throw new Error(`only ${gone} of ${VIEWERS} who read nothing were given up`);
    const meanwhile_ms = await fare("meanwhile", deaf_ms);
    measured(TO_READERS, timesBefore(meanwhile_ms, before_ms), "×");
    measured("vote p99 meanwhile to before they came", timesBefore(meanwhile_ms, calmP99_ms), "×");
  } finally {
    crowd.kill();
  }
}

/** The most that a process's memory is above what it was, of what it is in each second. */
async function mostGrown_bytes({ url }: ServiceProcess, for_ms: number): Promise<number> {
  const before_bytes = await residentMemory_bytes(url);
  const end_ms = performance.now() + for_ms;
  let most_bytes = 0;
  while (performance.now() < end_ms) {
    await pause(LOOK_MS);
    most_bytes = Math.max(most_bytes, (await residentMemory_bytes(url)) - before_bytes);
  }
  return most_bytes;
}
