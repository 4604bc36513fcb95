import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { askOverHttp } from "./rig/ask-vote.ts";
import { CLOCK_SLACK_MS } from "./rig/check-history.ts";
import { inTurn } from "./rig/parts-of-bed.ts";
import { provideFile } from "./rig/provide-file.ts";
import type { FaultScene } from "./rig/round.ts";
import { makeVoter } from "./rig/voters.ts";

/** As Debian names machines. */
const MACHINE = { x64: "x86_64", arm64: "aarch64" }[process.arch as string] ?? process.arch;
const LIBRARY = `/usr/lib/${MACHINE}-linux-gnu/faketime/libfaketime.so.1`;

const VOTERS = 30;
const TURNS = 4;
/** Longer than the checker allows for what clocks may be apart. */
const TURN_MS = CLOCK_SLACK_MS + 200;

/** Clocks of the first and the second API, as libfaketime takes them. */
const SKEWS = ["+5m", "-5m"];
/** How far they are apart at least, by what the APIs say. */
const APART_MS = 9 * 60_000;

export function provideFakeTime(): Promise<void> {
  return provideFile(LIBRARY, "faketime");
}

/** Settings that put the clock of the nth API wrong. */
export function skewedClock(index: number): Readonly<Record<string, string>> {
  return { LD_PRELOAD: LIBRARY, FAKETIME: SKEWS[index % SKEWS.length] ?? "" };
}

/**
 * Nothing breaks: the APIs' clocks are ten minutes apart all the time, and voters go from one to the other. Some of them press
 * the same button bar through both in turn, slowly enough that nobody can be in doubt which press was the last.
 */
export async function skewClock({ bed, pages, history, random }: FaultScene): Promise<void> {
  await expectApart(bed.apis.map(({ url }) => url));
  const bars = Array.from({ length: VOTERS }, () => ({ voter: makeVoter(), page: random.pick(pages) }));
  for (let turn = 0; turn < TURNS; turn++) {
    const { url } = inTurn(turn, bed.apis);
    const reaction = inTurn(turn, DEFAULT_REACTIONS);
    await Promise.all(bars.map((bar) => askOverHttp(history, url, { ...bar, reaction })));
    await pause(TURN_MS);
  }
}

/** @throws when the APIs' clocks agree: whoever starts a process says nothing of a library that it could not load */
async function expectApart(apis: readonly string[]): Promise<void> {
  const said_ms = await Promise.all(
    apis.map(async (api) => Date.parse((await fetch(`${api}/healthz`)).headers.get("date") ?? "")),
  );
  const apart_ms = Math.max(...said_ms) - Math.min(...said_ms);
  if (!(apart_ms >= APART_MS)) throw new Error(`the APIs' clocks are ${apart_ms} ms apart`);
}
