/** New voters while Redis is away: each process counts them for itself, whether Redis refuses or says nothing. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { askWithSolution } from "../../shared/client/solve-puzzle.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { connectReader } from "../support/connect-reader.ts";
import { call, freshPage, until, vote } from "../support/reader.ts";
import type { ReaderSocket } from "../support/reader-socket.ts";
import { openAsker, soonerThanTwoQuestions } from "../support/silent-redis.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startByParts } from "../support/start-by-parts.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const HANG = { timeout: 120_000 };
const SITES_FILE = writeSitesFile([
  { id: "default", name: "Default", limits: { newVotersAMinute: 2 } },
  { id: "solved", name: "Solved", puzzle: "always" },
]);
const SETTINGS = { env: { LIMITS: "on", TRUST_PROXY: "127.0.0.1", SITES_FILE } };

let redis: TestRedis;
let lifecycle: Lifecycle;
beforeEach(async () => {
  redis = await startTestRedis();
  lifecycle = new Lifecycle();
});
afterEach(async () => {
  await lifecycle.stop();
  await redis.stop();
});

const from = (address: string) => ({ "x-forwarded-for": address });

function newVoterFrom(url: string, address: string, site = "default", body: object = {}) {
  const headers = { ...from(address), "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return call(`${url}/v1/sites/${site}/voters`, request);
}

/** Everything a process has to count alone, asked for at once. */
async function askForVoters(url: string, socket: ReaderSocket) {
  const alone = Promise.all([1, 2, 3].map(() => newVoterFrom(url, "203.0.113.7")));
  const neighbours = Promise.all(
    Array.from({ length: 12 }, (_, n) => newVoterFrom(url, `2001:db8:7:${n + 1}::1`)),
  );
  const bySocket = socket.emitWithAck("voter", {});
  const withVote = vote(url, { page: freshPage(), reaction: "great" }, from("2001:db8:8:1::1"));
  const toSolve = newVoterFrom(url, "203.0.113.8", "solved");
  return {
    alone: await alone,
    neighbours: await neighbours,
    bySocket: await bySocket,
    withVote: await withVote,
    toSolve: await toSolve,
  };
}

function expectCounted({
  alone,
  neighbours,
  bySocket,
  withVote,
  toSolve,
}: Awaited<ReturnType<typeof askForVoters>>): void {
  expect(alone.map(({ status }) => status).sort()).toEqual([201, 201, 429]);
  expect(alone.find(({ status }) => status === 429)?.body.code).toBe("voters_too_fast");
  expect(neighbours.filter(({ status }) => status === 201)).toHaveLength(10);
  expect(neighbours.filter(({ body }) => body.code === "voters_too_fast")).toHaveLength(2);
  expect(bySocket).toMatchObject({ ok: true, voter: expect.any(String) });
  expect(withVote).toMatchObject({ status: 503, body: { code: "unavailable", retryable: true } });
  expect(toSolve).toMatchObject({ status: 428, body: { code: "puzzle_needed" } });
}

describe("new voters while Redis", () => {
  it(
    "S82, V11: is silent are counted by the process alone, in time; a vote that would make one is refused",
    HANG,
    async () => {
      const url = await startByParts(redis.url, lifecycle, SETTINGS);
      const socket = await connectReader(url, lifecycle, from("2001:db8:9:1::1"));
      const asker = await openAsker(redis.url, lifecycle);
      await redis.pause();
      try {
        const answers = askForVoters(url, socket);
        expect(await soonerThanTwoQuestions(asker, answers)).toBe(true);
        expectCounted(await answers);
      } finally {
        await redis.resume();
      }
      await until("Redis to count again", async () => {
        const { status } = await newVoterFrom(url, "203.0.113.9");
        return status === 201 && (await asker.keys("voters-of-network:*")).length > 0;
      });
    },
  );

  it(
    "S82, V11: refuses are counted by the process alone; votes that would make one, and solutions, are refused",
    HANG,
    async () => {
      const url = await startByParts(redis.url, lifecycle, SETTINGS);
      const socket = await connectReader(url, lifecycle, from("2001:db8:9:1::1"));
      await redis.kill();
      const answers = await askForVoters(url, socket);
      expectCounted(answers);
      // Good once over all processes: nobody could tell.
      const ask = (body: object) => newVoterFrom(url, "203.0.113.8", "solved", body);
      expect(await askWithSolution(ask, new Error("asked", { cause: answers.toSolve.body }))).toMatchObject({
        status: 503,
        body: { code: "unavailable", retryable: true },
      });
    },
  );

  it(
    "S82: has never answered are refused, since they could not be counted under any name",
    HANG,
    async () => {
      const url = await startByParts("redis://127.0.0.1:1", lifecycle, SETTINGS);
      expect(await newVoterFrom(url, "203.0.113.7")).toMatchObject({
        status: 503,
        body: { code: "unavailable", retryable: true },
      });
    },
  );
});
