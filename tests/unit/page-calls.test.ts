import { describe, expect, it } from "vitest";
import { PageCalls } from "../../services/worker/page-calls.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { until } from "../support/reader.ts";

function votes(count: number, from = 0): readonly AcceptedVote[] {
  return Array.from({ length: count }, (_, n) => ({
    site: "s",
    page: "p",
    voter: (from + n).toString(16).padStart(16, "0"),
    reaction: 0,
    at: 1,
    source: 0,
  }));
}

/** Calls that a test lets go one by one. */
function held() {
  const made: { page: string; count: number; end: (error?: Error) => void }[] = [];
  const calls = new PageCalls(
    (_site, page, list) =>
      new Promise<void>((resolve, reject) => {
        made.push({ page, count: list.length, end: (error) => (error ? reject(error) : resolve()) });
      }),
  );
  return { made, calls };
}

describe("calls of the tally script", () => {
  it("V35: votes of several jobs on one page share a call while one is in flight", async () => {
    const { made, calls } = held();
    const first = calls.tally("s", "p", votes(3));
    const rest = [calls.tally("s", "p", votes(2, 10)), calls.tally("s", "p", votes(4, 20))];
    const other = calls.tally("s", "q", votes(1));
    expect(made.map(({ page, count }) => [page, count])).toEqual([
      ["p", 3],
      ["q", 1],
    ]);
    for (const { end } of made) end();
    await Promise.all([first, other]);
    await until("the second call", () => made.length === 3);
    expect(made[2]?.count).toBe(6);
    made[2]?.end();
    await Promise.all(rest);
    await until("pages to be forgotten", () => calls.size === 0);
  });

  it("V35: no call holds more votes than a call may, and a full one is not held up", async () => {
    const { made, calls } = held();
    const all = [0, 1, 2, 3, 4].map((n) => calls.tally("s", "p", votes(90, n * 100)));
    for (let call = 0; call < 3; call++) {
      await until(`call ${call}`, () => made.length > call);
      made[call]?.end();
    }
    await Promise.all(all);
    expect(made.map(({ count }) => count)).toEqual([90, 180, 180]);
  });

  it("V35: pages that are voted on all the time are called together, each once a beat", async () => {
    const { made, calls } = held();
    const first = [calls.tally("s", "p", votes(1)), calls.tally("s", "q", votes(1))];
    for (const { end } of made) end();
    await Promise.all(first);
    const more = ["p", "q", "p"].map((page) => calls.tally("s", page, votes(1)));
    expect(made.length).toBe(2);
    await until("the next calls", () => made.length > 2);
    expect(made.slice(2).map(({ page, count }) => [page, count])).toEqual([
      ["p", 2],
      ["q", 1],
    ]);
    for (const { end } of made.slice(2)) end();
    await Promise.all(more);
    await until("pages to be forgotten", () => calls.size === 0);
  });

  it("V35: a call that fails fails for each of its jobs, and the next one goes on", async () => {
    const { made, calls } = held();
    const first = calls.tally("s", "p", votes(1));
    const second = calls.tally("s", "p", votes(1));
    made[0]?.end(new Error("READONLY"));
    await expect(first).rejects.toThrow("READONLY");
    await until("the second call", () => made.length === 2);
    made[1]?.end();
    await second;
  });
});
