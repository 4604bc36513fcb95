/** Redis silent, with every connection open: what whoever votes meanwhile is told. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { VotesInHand } from "../../shared/votes/votes-in-hand.ts";
import { connectReader } from "../support/connect-reader.ts";
import { countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { openAsker, soonerThanTwoQuestions } from "../support/silent-redis.ts";
import { startByParts } from "../support/start-by-parts.ts";
import { startService } from "../support/start-service.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const HANG = { timeout: 120_000 };

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

describe("a Redis that is silent", () => {
  it("S1, V11: a vote that asks it several things is refused no later than what asks one", HANG, async () => {
    const service = await startService(redis.url, { LIMITS: "on", TRUST_PROXY: "127.0.0.1" });
    lifecycle.onStop("service", () => service.stop());
    // A network of many, whose newcomers are counted twice before the page and the commit are asked for.
    const headers = { "x-forwarded-for": "2001:db8:1:2::3" };
    const socket = await connectReader(service.url, lifecycle, headers);
    const body = { page: freshPage(), reaction: "great" };
    const asker = await openAsker(redis.url, lifecycle);
    await redis.pause();
    try {
      const refusals = Promise.all([vote(service.url, body, headers), socket.emitWithAck("vote", body)]);
      expect(await soonerThanTwoQuestions(asker, refusals)).toBe(true);
      const [overHttp, overSocket] = await refusals;
      expect(overHttp).toMatchObject({ status: 503, body: { code: "unavailable", retryable: true } });
      expect(overHttp.headers.get("retry-after")).toBe("1");
      expect(overHttp.headers.get("access-control-allow-origin")).toBe("*");
      expect(overHttp.headers.get("access-control-expose-headers")).toContain("Retry-After");
      expect(overSocket).toMatchObject({ ok: false, problem: { code: "unavailable", retryable: true } });
    } finally {
      await redis.resume();
    }
  });

  it("V11: no more votes wait than may, over either road, and all goes on afterwards", HANG, async () => {
    const url = await startByParts(redis.url, lifecycle, { inHand: new VotesInHand(6) });
    const socket = await connectReader(url, lifecycle);
    const page = freshPage();
    const voters = await Promise.all(Array.from({ length: 12 }, () => newVoter(url)));
    const overHttp = async (voter: string) => (await vote(url, { page, reaction: "great", voter })).body;
    const overSocket = async (voter: string): Promise<Record<string, unknown>> => {
      const ack = await socket.emitWithAck("vote", { page, reaction: "great", voter });
      return ack.ok ? {} : { ...ack.problem };
    };
    const send = (voter: string, index: number) => (index % 2 === 0 ? overHttp : overSocket)(voter);
    await redis.pause();
    try {
      const refused = await Promise.all(voters.map(send));
      const codes = refused.map(({ code }) => code);
      expect(codes.filter((code) => code === "unavailable")).toHaveLength(6);
      expect(codes.filter((code) => code === "overloaded")).toHaveLength(6);
      expect(refused.every(({ retryable }) => retryable === true)).toBe(true);
    } finally {
      await redis.resume();
    }
    await until("votes to be taken", async () => (await overHttp(voters[0] ?? "")).at !== undefined, 60_000);
    for (const voter of voters) await until("the vote", async () => (await overHttp(voter)).at !== undefined);
    await until("every vote once", async () => (await countsOf(url, page)).total === voters.length);
  });
});
