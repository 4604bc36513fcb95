/** What a service has in use: its heap after its garbage was collected, and what Node holds outside of it. */
import { setTimeout as pause } from "node:timers/promises";
import type { ServiceProcess } from "../../support/service-process.ts";
import { readMetric } from "./read-metrics.ts";

/** Loaded into every service: see there. */
const COLLECT_ON_SIGNAL = new URL("collect-on-signal.mjs", import.meta.url).href;

/** Settings of services whose garbage `collectGarbage` may have collected. */
export const COLLECTED_ENV = { NODE_OPTIONS: `--import ${COLLECT_ON_SIGNAL}` };

/** A signal is heard within a turn of the event loop, and collecting takes a tenth of a second; where others work, some tenths. */
const COLLECTING_MS = 1_500;

export async function collectGarbage(services: readonly ServiceProcess[]): Promise<void> {
  for (const { pid } of services) process.kill(pid, "SIGUSR2");
  await pause(COLLECTING_MS);
}

/** Once the garbage is collected. */
export async function liveMemory_bytes(url: string): Promise<number> {
  const heap_bytes = await readMetric(url, "nodejs_heap_size_used_bytes");
  return heap_bytes + (await readMetric(url, "nodejs_external_memory_bytes"));
}
