/** Readers who think again at once. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SETTLED } from "../../shared/tallies/record.ts";
import { KEEP_MS, type TallyVote, tallyPage } from "../../shared/tallies/tally-page.ts";
import { countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const SITE = "early";
const { redis, lifecycle } = openTestRedis();
let server: TestRedis;
let services: readonly TestService[];
beforeAll(async () => {
  await redis.ping();
  server = await startTestRedis();
  const env = { TRUST_PROXY: "127.0.0.1", LIMITS: "on" };
  services = await Promise.all([startService(server.url, env), startService(server.url, env)]);
});
afterAll(async () => {
  for (const service of services) await service.stop();
  await server.stop();
  await lifecycle.stop();
});

async function redisNow_ms(): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Math.floor(Number(seconds) * 1_000 + Number(microseconds) / 1_000);
}

/** A vote of a voter of its own; `with` makes another one of the same voter. */
function voteAt(at: number, reaction: number | null): TallyVote {
  return { voter: randomBytes(8).toString("hex"), reaction, at, source: 1 };
}

describe("presses that come too soon after a change", () => {
  it("V37: are passed over, named, and move no total", async () => {
    const page = freshPage();
    // The record cannot become old while this test runs: its stamp lies ahead.
    const now = (await redisNow_ms()) + 4_500;
    const first = [voteAt(now, 0), voteAt(now, 0), voteAt(now, 0), voteAt(now, 0)] as const;
    expect((await tallyPage(redis, SITE, page, first)).moved.slice(0, 3)).toEqual([4, 0, 0]);
    const again = [
      { ...first[0], reaction: 1, at: now + KEEP_MS - 1 },
      { ...first[1], reaction: null, at: now + 1 },
      { ...first[2], reaction: 1 + SETTLED, at: now + 1 },
      { ...first[3], reaction: 1, at: now + KEEP_MS },
      voteAt(now, 2),
    ] as const;
    const { applied, moved, early, stale } = await tallyPage(redis, SITE, page, again);
    expect(early).toEqual([again[0]]);
    expect({ applied, stale, moved: moved.slice(0, 3) }).toEqual({ applied: 4, stale: 0, moved: [-3, 2, 1] });
    // Once more: as early as before, and the others change nothing.
    const repeated = await tallyPage(redis, SITE, page, again);
    expect(repeated).toMatchObject({ applied: 0, early: [again[0]] });
  });

  it("V37: count when the record is old enough, however close their stamp is to it", async () => {
    const page = freshPage();
    const now = (await redisNow_ms()) - KEEP_MS - 1;
    const first = voteAt(now, 0);
    await tallyPage(redis, SITE, page, [first]);
    const { early, moved } = await tallyPage(redis, SITE, page, [{ ...first, reaction: 1, at: now + 1 }]);
    expect(early).toEqual([]);
    expect(moved.slice(0, 2)).toEqual([-1, 1]);
  });

  it("V96: count when Redis's clock was set back since, and are not sent round and round", async () => {
    const page = freshPage();
    const ahead = (await redisNow_ms()) + 60_000;
    const first = voteAt(ahead, 0);
    await tallyPage(redis, SITE, page, [first]);
    const { early, moved } = await tallyPage(redis, SITE, page, [{ ...first, reaction: 1, at: ahead + 1 }]);
    expect(early).toEqual([]);
    expect(moved.slice(0, 2)).toEqual([-1, 1]);
  });

  it("V37: of one voter by two services end in the last one, and totals did not dance", async () => {
    const page = freshPage();
    const voter = await newVoter(services[0]?.url ?? "");
    const headers = { "x-forwarded-for": "198.51.100.7" };
    const began_ms = performance.now();
    const cast: { readonly reaction: string; readonly at: number }[] = [];
    for (let n = 0; n < 30; n++) {
      const reaction = ["great", "sad", "angry"][n % 3] ?? "";
      const url = services[n % 2]?.url ?? "";
      const { status, body } = await vote(url, { page, reaction, voter }, headers);
      expect(status).toBe(202);
      cast.push({ reaction, at: Number(body.at) });
    }
    // Two processes read Redis's clock to some milliseconds: the last press is the one with the newest stamp.
    const newest = cast.filter(({ at }) => at === Math.max(...cast.map((press) => press.at)));
    await until("the last press", async () => {
      const { counts, total } = await countsOf(services[0]?.url ?? "", page);
      return total === 1 && newest.some(({ reaction }) => (counts as Record<string, number>)[reaction] === 1);
    });
    const seconds = (performance.now() - began_ms) / 1_000;
    const { rev } = await countsOf(services[0]?.url ?? "", page);
    expect(Number(rev)).toBeGreaterThan(1);
    expect(Number(rev)).toBeLessThanOrEqual(2 + (seconds * 1_000) / KEEP_MS);
  });
});
