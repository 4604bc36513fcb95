import { setTimeout as pause } from "node:timers/promises";
import { openRawViewers } from "./rig/raw-viewer.ts";
import { residentMemory_bytes } from "./rig/read-metrics.ts";
import type { FaultScene } from "./rig/round.ts";

const VIEWERS = 1_000;
const DEAF_MS = 10_000;

/** A thousand viewers watch every page and read nothing of it. */
export async function slowViewers({ bed, random, pages, measured }: FaultScene): Promise<void> {
  const realtime = random.pick(bed.realtimes);
  const sockets = await openRawViewers([realtime.port], pages, VIEWERS);
  for (const socket of sockets) socket.pause();
  const before_bytes = await residentMemory_bytes(realtime.url);
  await pause(DEAF_MS);
  const grown_bytes = (await residentMemory_bytes(realtime.url)) - before_bytes;
  for (const socket of sockets) socket.destroy();
  measured(`memory for ${VIEWERS} viewers in ${DEAF_MS / 1_000} s`, grown_bytes / 1e6, "MB");
}
