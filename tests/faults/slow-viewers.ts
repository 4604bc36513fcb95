import { setTimeout as pause } from "node:timers/promises";
import { now_ms } from "./rig/clock.ts";
import { pushLagP99_ms } from "./rig/push-lag.ts";
import { openRawViewers } from "./rig/raw-viewer.ts";
import { residentMemory_bytes } from "./rig/read-metrics.ts";
import type { FaultScene } from "./rig/round.ts";
import { timesBefore, voteP99_ms } from "./rig/vote-p99.ts";

const VIEWERS = 1_000;
const DEAF_MS = 10_000;

/** How long it is measured how others fare without them. */
const CALM_MS = 8_000;

/** A thousand viewers watch every page and read nothing of it. Those who read, and who vote, must not notice. */
export async function slowViewers({
  bed,
  random,
  pages,
  history,
  viewers,
  measured,
}: FaultScene): Promise<void> {
  const calm_ms = now_ms();
  await pause(CALM_MS);
  const before_ms = voteP99_ms(history, calm_ms);
  measured("vote p99 before", before_ms, "ms");
  measured("push lag p99 before", pushLagP99_ms(history, viewers, calm_ms), "ms");
  const realtime = random.pick(bed.realtimes);
  const sockets = await openRawViewers([realtime.port], pages, VIEWERS);
  for (const socket of sockets) socket.pause();
  const before_bytes = await residentMemory_bytes(realtime.url);
  const deaf_ms = now_ms();
  await pause(DEAF_MS);
  const grown_bytes = (await residentMemory_bytes(realtime.url)) - before_bytes;
  const meanwhile_ms = voteP99_ms(history, deaf_ms);
  measured("vote p99 meanwhile", meanwhile_ms, "ms");
  measured("vote p99 meanwhile to before", timesBefore(meanwhile_ms, before_ms), "×");
  measured("push lag p99 meanwhile", pushLagP99_ms(history, viewers, deaf_ms), "ms");
  for (const socket of sockets) socket.destroy();
  measured(`memory for ${VIEWERS} viewers in ${DEAF_MS / 1_000} s`, grown_bytes / 1e6, "MB");
}
