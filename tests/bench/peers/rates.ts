/** Votes a second, accepted and counted, and what a vote costs over all processes, with nobody, one and many watching. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadResult, vote, warmFor_s } from "../load.ts";
import { cpu_us } from "./processes.ts";
import { inTurns } from "./rounds.ts";
import { watchFrom } from "./watch.ts";
import { OTHER_CORE, type Running, type Way } from "./ways.ts";

const VOTES = 2_000;

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
    const began_ms = performance.now();
    const load: LoadResult = await vote(running.address, { path }, seconds, OTHER_CORE);
    const { answered, refused, errors } = load;
    await running.settled();
    const took_s = (performance.now() - began_ms) / 1_000;
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
  const lines = Array.from({ length: VOTES }, (_, n) => {
    const { path, body } = running.press(pages[n % pages.length] ?? "");
    return `${path}\t${JSON.stringify(body)}\n`;
  });
  return lines.join("");
}
