import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { runCommand } from "../../services/standalone/run-command.ts";
import type { FaultScene } from "./rig/round.ts";

const LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";
const INSTALL_MS_MAX = 120_000;
const SKEWED_MS = 4_000;

/** Clocks of the first and the second API, as libfaketime takes them. */
const SKEWS = ["+5m", "-5m"];

/** Installs libfaketime where it is missing: Debian or Ubuntu, as root. */
export async function provideFakeTime(): Promise<void> {
  if (existsSync(LIBRARY)) return;
  const line = "apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime";
  await runCommand("sh", ["-c", line], { ms_max: INSTALL_MS_MAX });
  if (!existsSync(LIBRARY)) throw new Error("skew-clock needs libfaketime: apt-get install faketime");
}

/** Settings that put the clock of the nth API wrong. */
export function skewedClock(index: number): Readonly<Record<string, string>> {
  return { LD_PRELOAD: LIBRARY, FAKETIME: SKEWS[index % SKEWS.length] ?? "" };
}

/** Nothing breaks: the APIs' clocks are ten minutes apart all the time, and voters go from one to the other. */
export async function skewClock(_scene: FaultScene): Promise<void> {
  await pause(SKEWED_MS);
}
