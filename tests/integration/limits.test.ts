import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TooFast } from "../../shared/contract/problems.ts";
import { whenConnected } from "../../shared/runtime/redis-connections.ts";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";
import { VoterLimits } from "../../shared/votes/voter-limits.ts";
import { call, countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

// A Redis of its own: what one test makes on loopback, another could not make any more.
let server: TestRedis;
let service: TestService;
let own: ReturnType<typeof openTestRedis>;
beforeAll(async () => {
  server = await startTestRedis();
  own = openTestRedis("producer", server.url);
  await whenConnected(own.redis);
  service = await startService(server.url, { LIMITS: "on" });
});
afterAll(async () => {
  await service.stop();
  await own.lifecycle.stop();
  await server.stop();
});

/** Until when Redis is waited for: long enough for a busy machine. */
const soon = () => performance.now() + 60_000;

/** How many of so many tries are let through. */
async function passed(tries: number, take: (n: number) => Promise<void>): Promise<number> {
  const all = await Promise.allSettled(Array.from({ length: tries }, (_, n) => take(n)));
  for (const one of all) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(TooFast);
  return all.filter(({ status }) => status === "fulfilled").length;
}

describe("limits", () => {
  it("S80: a voter who sends without end is told when to go on; the vote accepted last holds", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const names = ["great", "sad", "angry"];
    const answers = [];
    for (let round = 0; round < 20; round++) {
      const ten = Array.from({ length: 10 }, (_, n) =>
        vote(service.url, { page, reaction: names[(round + n) % 3], voter }),
      );
      answers.push(...(await Promise.all(ten)));
    }
    const refused = answers.filter(({ status }) => status === 429);
    const accepted = answers.filter(({ status }) => status === 202);
    expect(refused.length + accepted.length).toBe(200);
    expect(accepted.length).toBeGreaterThanOrEqual(150);
    expect(refused[0]?.body).toMatchObject({ code: "votes_too_fast", retryable: true });
    const wait_s = refused[0]?.headers.get("retry-after");
    expect(refused[0]?.headers.get("ratelimit-policy")).toBe('"votes-of-voter";q=150;w=75');
    expect(refused[0]?.headers.get("ratelimit")).toBe(`"votes-of-voter";r=0;t=${wait_s}`);
    const last = accepted.reduce((newest, one) =>
      Number(one.body.at) > Number(newest.body.at) ? one : newest,
    );
    await until("the last vote", async () => {
      const { counts } = (await countsOf(service.url, page)) as { counts?: Record<string, number> };
      return counts?.[String(last.body.reaction)] === 1;
    });
    expect((await countsOf(service.url, page)).total).toBe(1);
    const { body } = await call(`${service.url}/v1/sites/default/mine?${new URLSearchParams({ page })}`, {
      headers: { authorization: `Bearer ${voter}` },
    });
    expect(body.pages).toEqual([{ page, reaction: last.body.reaction }]);
  });

  it("S81: new voters of a network are counted over all processes, and those of an IPv6 /48 together", async () => {
    const [one, other] = [new VoterLimits(own.redis), new VoterLimits(own.redis)];
    const network = randomUUID();
    const both = await passed(700, (n) =>
      (n % 2 === 0 ? one : other).take(network, undefined, OPEN_SITE, soon()),
    );
    expect(both).toBe(600);
    const neighbourhood = randomUUID();
    expect(await passed(3_100, (n) => one.take(`${network}-${n}`, neighbourhood, OPEN_SITE, soon()))).toBe(
      3_000,
    );
    // A full /48 leaves nothing behind of the networks that it goes on with.
    await expect(other.take(`${network}-late`, neighbourhood, OPEN_SITE, soon())).rejects.toBeInstanceOf(
      TooFast,
    );
    expect(await own.redis.exists(`voters-of-network:${network}-0`)).toBe(1);
    expect(await own.redis.exists(`voters-of-network:${network}-late`)).toBe(0);
  });

  it("S82: while Redis is away each process counts new voters for itself", async () => {
    const lost = openTestRedis("producer", "redis://127.0.0.1:1");
    const limits = new VoterLimits(lost.redis);
    const network = randomUUID();
    expect(await passed(700, () => limits.take(network, undefined, OPEN_SITE, soon()))).toBe(600);
    await lost.lifecycle.stop();
  });
});
