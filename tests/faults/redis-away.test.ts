/** Redis gone and Redis silent, in one process; the outage of 10 s under load is `npm run faults -- --only redis-away-10`. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

let redis: TestRedis;
let service: TestService;
beforeAll(async () => {
  redis = await startTestRedis();
  service = await startService(redis.url);
});
afterAll(async () => {
  await service.stop();
  await redis.stop();
});

const REFUSED = { status: 503, body: { code: "unavailable", retryable: true } };

describe("Redis away", () => {
  it("V11, S1: killed: votes, counts and watches are refused with Retry-After, and all is well once it is back", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const socket = await service.socket();
    await redis.kill();
    for (let tries = 0; tries < 20; tries++) {
      const refused = await vote(service.url, { page, reaction: "great", voter });
      expect(refused).toMatchObject(REFUSED);
      expect(refused.headers.get("retry-after")).toBe("1");
    }
    expect(await call(`${service.url}/v1/sites/default/counts?page=${page}`)).toMatchObject(REFUSED);
    const problem = expect.objectContaining({ code: "unavailable" });
    expect(await socket.emitWithAck("vote", { page, reaction: "great", voter })).toEqual({
      ok: false,
      problem,
    });
    expect(await socket.emitWithAck("watch", { pages: [page] })).toEqual({ ok: false, problem });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(503);
    await redis.restart();
    await until("a vote to be taken", async () => {
      return (await vote(service.url, { page, reaction: "sad", voter })).status === 202;
    });
    await until("the vote", async () => (await countsOf(service.url, page)).total === 1);
    expect((await countsOf(service.url, page)).counts).toEqual({ great: 0, sad: 1, angry: 0, recommend: 0 });
  });

  it("S45: metrics are shown all the same; what only Redis knows is NaN", async () => {
    const failed = async () => {
      const response = await fetch(`${service.url}/metrics`);
      expect(response.status).toBe(200);
      return /^reactions_jobs_kept_failed (.+)$/m.exec(await response.text())?.[1];
    };
    expect(await failed()).toBe("0");
    await redis.pause();
    try {
      expect(Number(await failed())).toBeNaN();
    } finally {
      await redis.resume();
    }
    await until("the number to be known again", async () => (await failed()) === "0");
  });

  it("V11: silent: whoever waits is refused, few enough wait at any time, and what was refused may be sent again", {
    timeout: 120_000,
  }, async () => {
    const page = freshPage();
    const voters = await Promise.all(Array.from({ length: 60 }, () => newVoter(service.url)));
    await redis.pause();
    try {
      const asked = voters.map((voter) => vote(service.url, { page, reaction: "great", voter }));
      const metrics = await (await fetch(`${service.url}/metrics`)).text();
      expect(Number(/^reactions_votes_waiting (\d+)$/m.exec(metrics)?.[1])).toBeLessThanOrEqual(
        voters.length,
      );
      for (const refused of await Promise.all(asked)) expect(refused).toMatchObject(REFUSED);
    } finally {
      await redis.resume();
    }
    const again = async (voter: string): Promise<boolean> => {
      return (await vote(service.url, { page, reaction: "great", voter })).status === 202;
    };
    await Promise.all(voters.map((voter) => until("the vote to be taken again", () => again(voter), 60_000)));
    await until("every vote once", async () => (await countsOf(service.url, page)).total === voters.length);
  });
});
