import { setTimeout as pause } from "node:timers/promises";
import { provideFile } from "./rig/provide-file.ts";
import type { FaultScene } from "./rig/round.ts";

const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
const SKEWED_MS = 4_000;

/** Clocks of the first and the second API, as libfaketime takes them. */
const SKEWS = ["+5m", "-5m"];

export function provideFakeTime(): Promise<void> {
  return provideFile(LIBRARY, "faketime");
}

/** Settings that put the clock of the nth API wrong. */
export function skewedClock(index: number): Readonly<Record<string, string>> {
  return { LD_PRELOAD: LIBRARY, FAKETIME: SKEWS[index % SKEWS.length] ?? "" };
}

/** Nothing breaks: the APIs' clocks are ten minutes apart all the time, and voters go from one to the other. */
export async function skewClock(_scene: FaultScene): Promise<void> {
  await pause(SKEWED_MS);
}
