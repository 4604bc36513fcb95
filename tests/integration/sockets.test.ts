import { connect } from "node:net";
import { io } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { eachMaster } from "../support/each-master.ts";
import { countsOf, freshPage, newVoter, tallied, until } from "../support/reader.ts";
import type { ReaderSocket } from "../support/reader-socket.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";

let service: TestService;
const { redis, lifecycle } = openTestRedis();
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(async () => {
  await service.stop();
  await lifecycle.stop();
});

/** A socket that keeps what it hears. */
async function viewer() {
  const socket = await service.socket();
  const heard: PageCounts[] = [];
  socket.on("counts", (counts) => heard.push(counts));
  return { socket, heard };
}

/** A socket that asks for pages as it comes. */
async function comer(auth: object) {
  const socket: ReaderSocket = io(service.url, {
    transports: ["websocket"],
    auth: { site: "default", ...auth },
    forceNew: true,
  });
  lifecycle.onStop("socket", () => socket.disconnect());
  const heard: PageCounts[] = [];
  socket.on("counts", (counts) => heard.push(counts));
  const watched = new Promise<unknown>((resolve) => socket.once("watched", resolve));
  return { socket, heard, watched };
}

describe("sockets", () => {
  it("P1: watch answers with the counts, and every change follows", async () => {
    const page = freshPage();
    await tallied(service.url, { page, reaction: "great" });
    const { socket, heard } = await viewer();
    const ack = await socket.emitWithAck("watch", { pages: [page] });
    expect(ack).toMatchObject({ ok: true, pages: [{ page, total: 1, rev: 1 }] });
    await tallied(service.url, { page, reaction: "sad" });
    await until("the change", () => heard.length > 0);
    expect(heard).toMatchObject([
      { page, counts: { great: 1, sad: 1, angry: 0, recommend: 0 }, total: 2, rev: 2, state: "open" },
    ]);
  });

  it("P62: the pages of the handshake are watched from the start", async () => {
    const page = freshPage();
    await tallied(service.url, { page, reaction: "great" });
    const { watched, heard } = await comer({ pages: [page] });
    expect(await watched).toMatchObject({ ok: true, pages: [{ page, total: 1, rev: 1 }] });
    await tallied(service.url, { page, reaction: "sad" });
    await until("the change", () => heard.length > 0);
    expect(heard).toMatchObject([{ page, total: 2, rev: 2 }]);
  });

  it.each([
    ["pages_invalid", []],
    ["pages_invalid", "a page"],
    ["pages_invalid", null],
    ["page_invalid", [""]],
    ["too_many_pages", Array.from({ length: 101 }, (_, n) => `p${n}`)],
  ])("P62: wrong pages of a handshake are refused as %s, and the socket lives on", async (code, pages) => {
    const { socket, watched } = await comer({ pages });
    expect(await watched).toMatchObject({ ok: false, problem: { code } });
    const page = freshPage();
    expect(await socket.emitWithAck("watch", { pages: [page] })).toMatchObject({ ok: true });
  });

  it("P2: a hundred votes at once are few messages, and the last one has them all", async () => {
    const page = freshPage();
    const { socket, heard } = await viewer();
    await socket.emitWithAck("watch", { pages: [page] });
    await Promise.all(Array.from({ length: 100 }, () => tallied(service.url, { page, reaction: "great" })));
    await until("the last state", () => heard.at(-1)?.total === 100);
    const revs = heard.map(({ rev }) => rev);
    expect(revs).toEqual([...revs].sort((a, b) => a - b));
    expect(heard.length).toBeLessThan(50);
  });

  it("P3: a viewer hears of its own pages only, and of none after unwatch", async () => {
    const [mine, other] = [freshPage(), freshPage()];
    const { socket, heard } = await viewer();
    const witness = await viewer();
    await socket.emitWithAck("watch", { pages: [mine] });
    await witness.socket.emitWithAck("watch", { pages: [mine, other] });
    await tallied(service.url, { page: other, reaction: "great" });
    await tallied(service.url, { page: mine, reaction: "great" });
    await until("both", () => witness.heard.length === 2);
    await until("mine", () => heard.length > 0);
    expect(heard.map(({ page }) => page)).toEqual([mine]);
    expect(await socket.emitWithAck("unwatch", { pages: [mine, "never watched"] })).toEqual({ ok: true });
    await tallied(service.url, { page: mine, reaction: "sad" });
    await until("the witness", () => witness.heard.length === 3);
    expect(heard).toHaveLength(1);
  });

  it("P4: Redis is asked for a page from its first viewer to its last", async () => {
    const page = freshPage();
    const channels = async (): Promise<number> =>
      (await eachMaster(redis, (master) => master.call("PUBSUB", "SHARDCHANNELS", `*${page}*`))).flat()
        .length;
    const [a, b] = [await viewer(), await viewer()];
    expect(await channels()).toBe(0);
    await a.socket.emitWithAck("watch", { pages: [page] });
    await b.socket.emitWithAck("watch", { pages: [page, page] });
    expect(await channels()).toBe(1);
    await a.socket.emitWithAck("unwatch", { pages: [page] });
    expect(await channels()).toBe(1);
    b.socket.disconnect();
    await until("no subscription", async () => (await channels()) === 0);
  });

  it("P5: viewers are told what happened while the connection to Redis was lost", async () => {
    const page = freshPage();
    const { socket, heard } = await viewer();
    await socket.emitWithAck("watch", { pages: [page] });
    // What another process would have tallied in the gap: changed without a word.
    await redis.hset(`{default:${page}}:page`, { epoch: "gap", rev: 7, "0": 3 });
    const killed = await eachMaster(redis, async (master) => {
      const clients = String(await master.client("LIST")).split("\n");
      const subscribers = clients.filter((line) => line.includes("reader-reactions-subscriber"));
      for (const line of subscribers) await master.client("KILL", "ID", /id=(\d+)/.exec(line)?.[1] ?? "");
      return subscribers.length;
    });
    expect(Math.max(...killed)).toBeGreaterThan(0);
    await until("the missed counts", () => heard.at(-1)?.rev === 7);
    expect(heard.at(-1)).toMatchObject({ total: 3, epoch: "gap" });
    await tallied(service.url, { page, reaction: "sad" });
    await until("the next change", () => heard.at(-1)?.rev === 8);
  });

  it("P8: votes and new voters are taken by the same rules as over HTTP", async () => {
    const page = freshPage();
    const { socket } = await viewer();
    const first = await socket.emitWithAck("vote", { page, reaction: "great" });
    expect(first).toEqual({ ok: true, at: expect.any(Number), voter: expect.stringMatching(/^a1\./) });
    const made = await socket.emitWithAck("voter", {});
    const voter = made.ok ? made.voter : "";
    expect(await socket.emitWithAck("vote", { page, reaction: "sad", voter })).toEqual({
      ok: true,
      at: expect.any(Number),
    });
    // Good over both roads.
    expect((await tallied(service.url, { page, reaction: "angry", voter })).body.counts).toEqual({
      great: 1,
      sad: 0,
      angry: 1,
      recommend: 0,
    });
    for (const [vote, code] of [
      [{ page, reaction: "love" }, "reaction_unknown"],
      [{ page: "", reaction: "great" }, "page_invalid"],
      [{ page, reaction: "great", voter: `${voter}x` }, "voter_invalid"],
      [{ page, reaction: "great", voter: await newVoter(service.url, "other") }, "voter_invalid"],
      ["great", "body_invalid"],
    ] as const) {
      expect(await socket.emitWithAck("vote", vote)).toMatchObject({
        ok: false,
        problem: { code, retryable: false },
      });
    }
    expect((await countsOf(service.url, page)).total).toBe(2);
  });

  it("S12: a socket watches at most a hundred pages", async () => {
    const { socket } = await viewer();
    const pages = Array.from({ length: 101 }, (_, i) => freshPage(`${i}`));
    expect(await socket.emitWithAck("watch", { pages })).toMatchObject({
      ok: false,
      problem: { code: "too_many_pages" },
    });
    expect(await socket.emitWithAck("watch", { pages: pages.slice(0, 100) })).toMatchObject({ ok: true });
    expect(await socket.emitWithAck("watch", { pages: pages.slice(0, 100) })).toMatchObject({ ok: true });
    expect(await socket.emitWithAck("watch", { pages: pages.slice(100) })).toMatchObject({
      ok: false,
      problem: { code: "too_many_pages" },
    });
    await socket.emitWithAck("unwatch", { pages: pages.slice(0, 1) });
    expect(await socket.emitWithAck("watch", { pages: pages.slice(100) })).toMatchObject({ ok: true });
  });

  it("S10: nonsense is answered with a problem, and the service stays up", async () => {
    const { socket } = await viewer();
    const nonsense: readonly unknown[] = [
      undefined,
      null,
      7,
      "x",
      [],
      {},
      { pages: 1 },
      { pages: [] },
      { pages: [null] },
      { pages: ["\n"] },
      { pages: { length: 3 } },
      () => {},
    ];
    for (const payload of nonsense) {
      expect(await socket.emitWithAck("watch", payload)).toMatchObject({ ok: false });
      expect(await socket.emitWithAck("unwatch", payload)).toMatchObject({ ok: false });
      expect(await socket.emitWithAck("vote", payload)).toMatchObject({ ok: false });
    }
    const raw = socket as unknown as { emit(event: string, ...args: unknown[]): void };
    for (const event of ["watch", "vote", "voter", "unwatch", "nothing", "disconnect_", "__proto__"]) {
      raw.emit(event);
      raw.emit(event, 1, 2, 3);
      raw.emit(event, { pages: ["p"] }, "no function");
    }
    expect(await socket.emitWithAck("watch", { pages: [freshPage()] })).toMatchObject({ ok: true });
  });

  it("S4: a socket for a site that is not there is refused with its problem", async () => {
    for (const site of ["nobody", "__proto__", ""]) {
      await expect(service.socket(site)).rejects.toMatchObject({
        data: { problem: { code: "site_unknown", status: 404 } },
      });
    }
  });

  it("P63: what a connection is told at its start comes in two pieces", async () => {
    const pieces: string[] = [];
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    lifecycle.onStop("connection", () => void socket.destroy());
    socket.on("data", (bytes) => pieces.push(bytes.toString("latin1")));
    socket.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2l4dGVlbiBieXRlcyAxNg==\r\n\r\n",
    );
    await until("the first packet", () => pieces.join("").includes('"pingInterval"'));
    expect(pieces).toHaveLength(1);
    // Wrong pages are refused without asking Redis.
    const text = Buffer.from('40{"site":"default","pages":[]}');
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
    await until("the answer to the pages", () => pieces.join("").includes('"watched"'));
    expect(pieces).toHaveLength(2);
    expect(pieces[1]).toMatch(/40\{"sid".*42\["watched",\{"ok":false/s);
  });
});
