/** Votes a second, accepted and counted, and what a vote costs over all processes, with nobody, one and many watching. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadResult, vote, warmFor_s } from "../load.ts";
import { pressAgain } from "./press.ts";
import { cpu_us } from "./processes.ts";
import { inTurns } from "./rounds.ts";
import { watchFrom } from "./watch.ts";
import { OTHER_CORE, type Running, type Way } from "./ways.ts";

/** Readers, each of whom presses on one page. */
const READERS = 2_000;
/** Presses of each, until wrk begins again: at the fifth it would be the first reaction once more. */
const PASSES = 4;

export interface RatesLoad {
  readonly rounds: number;
  readonly seconds: number;
  readonly pages: number;
  readonly viewers: number;
}

/** Of every way, in turns. */
export async function rates(ways: readonly Way[], { rounds, seconds, pages, viewers }: RatesLoad) {
  const names = Array.from({ length: pages }, (_, n) => `https://news.example/rates/${n}`);
  return await inTurns(ways, rounds, names, async (running) => {
    const watching =
      viewers === 0
        ? undefined
        : await watchFrom(running.viewersAt ?? "", names[0] ?? "", viewers, OTHER_CORE);
    try {
      await rateOf(running, names, warmFor_s(seconds));
      return await rateOf(running, names, seconds);
    } finally {
      watching?.end();
    }
  });
}

/** Of one way with 64 connections; the time ends when everything acknowledged is counted. */
export async function rateOf(running: Running, pages: readonly string[], seconds: number) {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-bench-"));
  try {
    const path = join(folder, "presses");
    writeFileSync(path, pressesOn(running, pages));
    const before_us = cpu_us(running.pids);
    const load: LoadResult = await vote(running.address, { path }, seconds, OTHER_CORE);
    const { answered, refused, errors } = load;
    const ended_ms = performance.now();
    await running.settled();
    const took_s = load.seconds + (performance.now() - ended_ms) / 1_000;
    if (answered === 0 || refused + errors > answered / 100)
      throw new Error(`${answered} answered, ${refused} refused, ${errors} errors`);
    return {
      "votes/s": answered / took_s,
      "µs of processor a vote": (cpu_us(running.pids) - before_us) / answered,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pressesOn(running: Running, pages: readonly string[]): string {
  let presses = Array.from({ length: READERS }, (_, n) => running.press(pages[n % pages.length] ?? ""));
  const lines: string[] = [];
  for (let pass = 0; pass < PASSES; pass++) {
    lines.push(...presses.map(({ path, body }) => `${path}\t${JSON.stringify(body)}\n`));
    presses = presses.map(pressAgain);
  }
  return lines.join("");
}
