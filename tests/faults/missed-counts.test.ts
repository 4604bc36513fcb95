/** Viewers of a realtime service that was cut off from Redis while votes came in elsewhere, and none afterwards. */
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { countsOf, freshPage, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

let network: TcpProxy;
let near: TestService;
let far: TestService;
beforeAll(async () => {
  const { port } = new URL(inject("redisUrl"));
  network = await TcpProxy.begin(Number(port));
  near = await startService(inject("redisUrl"));
  far = await startService(`redis://127.0.0.1:${network.port}`);
});
afterAll(async () => {
  await far.stop();
  await near.stop();
  await network.stop();
});

describe("a realtime service cut off from Redis", () => {
  it("P5: tells its viewers at once when it is back, long before the periodic check, every time", async () => {
    const page = freshPage();
    const socket = await far.socket();
    let shown = 0;
    socket.on("counts", ({ total }) => {
      shown = total;
    });
    await socket.emitWithAck("watch", { pages: [page] });
    for (let votes = 1; votes <= 6; votes++) {
      network.cut();
      expect((await tallied(near.url, { page, reaction: "great" })).status).toBe(200);
      network.mend();
      await until(`the viewer to hear of vote ${votes}`, () => shown === votes, 15_000);
    }
  }, 120_000);

  it("P45: tells its viewers what holds when Redis has lost what they were told, and goes on from there", async () => {
    const page = freshPage();
    const redis = new Redis(inject("redisUrl"));
    onTestFinished(() => redis.disconnect());
    const socket = await far.socket();
    const shown: PageCounts[] = [];
    socket.on("counts", (counts) => shown.push(counts));
    await socket.emitWithAck("watch", { pages: [page] });
    for (let votes = 1; votes <= 3; votes++) await tallied(near.url, { page, reaction: "great" });
    await until("the viewer to hear of three", () => shown.at(-1)?.total === 3);
    const epoch = shown.at(-1)?.epoch;
    network.cut();
    // As on a replica that had heard of one vote only when it took over.
    await redis.hset(pageKeys("default", page).hash, { rev: 1, 0: 1 });
    network.mend();
    await until("the viewer to hear of one", () => shown.at(-1)?.total === 1, 15_000);
    expect(shown.at(-1)?.epoch).not.toBe(epoch);
    await tallied(near.url, { page, reaction: "great" });
    await until("the viewer to hear of two", () => shown.at(-1)?.total === 2);
    expect(await countsOf(near.url, page)).toEqual(shown.at(-1));
  }, 60_000);
});
