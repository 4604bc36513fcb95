/** Acknowledged against kept: 64 connections press on one page; how many acknowledged presses are in its count afterwards. */
import { pressFor } from "./press.ts";
import type { Measured } from "./results.ts";
import { inTurns, tableOf } from "./rounds.ts";
import type { Way } from "./ways.ts";

const PAGE = "https://news.example/kept";

export async function measureKept(ways: readonly Way[], rounds: number, seconds: number): Promise<Measured> {
  const figures = await inTurns(ways, rounds, [PAGE], async (running) => {
    const { acknowledged, refused, took_s } = await pressFor(seconds, running.address, () =>
      running.press(PAGE),
    );
    await running.settled();
    const kept = await running.total(PAGE);
    return {
      acknowledged,
      "a second": acknowledged / took_s,
      kept,
      "kept, %": (100 * kept) / acknowledged,
      refused,
    };
  });
  return {
    title: "Acknowledged against kept",
    text: `64 connections press on one page for ${seconds} s, each press by a reader of its own; then the page's count is read. Our limits are off here and below. The presser is a Node process on core 1, which it fills, so the rates are lower than those below.`,
    tables: [tableOf(figures)],
  };
}
