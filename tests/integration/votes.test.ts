import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

const counts = (page: string, site?: string) => countsOf(service.url, page, site);

describe("POST votes", () => {
  it("V5, V6: answers 202 with page, reaction, stamp, and a token for a voter without one", async () => {
    const page = freshPage();
    const before = Date.now();
    const { status, body, headers } = await vote(service.url, { page, reaction: "great" });
    expect(status).toBe(202);
    expect(body).toEqual({
      page,
      reaction: "great",
      at: expect.any(Number),
      voter: expect.stringMatching(/^a1\./),
    });
    // Redis runs on this machine, so its clock is ours.
    expect(Math.abs(Number(body.at) - before)).toBeLessThan(5_000);
    expect(headers.get("cache-control")).toBe("no-store");
    const again = await vote(service.url, { page, reaction: "great", voter: body.voter });
    expect(again.body).toEqual({ page, reaction: "great", at: expect.any(Number) });
    await until("one vote", async () => (await counts(page)).total === 1);
  });

  it("V1, V4: moves a vote to another reaction, and takes it out on null", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const step = async (reaction: string | null) =>
      (await tallied(service.url, { page, reaction, voter })).body.counts;
    expect(await step("great")).toEqual({ great: 1, sad: 0, angry: 0, recommend: 0 });
    expect(await step("angry")).toEqual({ great: 0, sad: 0, angry: 1, recommend: 0 });
    expect(await step(null)).toEqual({ great: 0, sad: 0, angry: 0, recommend: 0 });
    expect(await step("recommend")).toEqual({ great: 0, sad: 0, angry: 0, recommend: 1 });
  });

  it("V7: takes the token from the header before the body", async () => {
    const page = freshPage();
    const [one, two] = [await newVoter(service.url), await newVoter(service.url)];
    await vote(
      service.url,
      { page, reaction: "sad", voter: two },
      { authorization: `Bearer ${one}`, prefer: "wait=10" },
    );
    const mine = async (token: string) =>
      (
        await call(`${service.url}/v1/sites/default/mine?page=${page}`, {
          headers: { authorization: `bearer ${token}` },
        })
      ).body;
    expect(await mine(one)).toEqual({ pages: [{ page, reaction: "sad" }] });
    expect(await mine(two)).toEqual({ pages: [{ page, reaction: null }] });
  });

  it("V8: takes text/plain, so that no preflight is needed, and shows itself to any origin", async () => {
    const page = freshPage();
    const { status, headers } = await vote(
      service.url,
      { page, reaction: "great" },
      { "content-type": "text/plain;charset=UTF-8", origin: "https://news.example" },
    );
    expect(status).toBe(202);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    const preflight = await fetch(`${service.url}/v1/sites/default/votes`, {
      method: "OPTIONS",
      headers: {
        origin: "https://news.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,prefer",
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization");
  });

  it("V9: waits for the tally when asked, and answers 200 with the counts", async () => {
    const page = freshPage();
    const { status, body, headers } = await tallied(service.url, { page, reaction: "great" });
    expect(status).toBe(200);
    expect(headers.get("preference-applied")).toBe("wait=10");
    expect(body).toMatchObject({
      page,
      reaction: "great",
      counts: { great: 1 },
      total: 1,
      rev: 1,
      state: "open",
    });
    expect(body.voter).toEqual(expect.any(String));
  });

  it("V9: answers 202 when the time runs out", async () => {
    const { status } = await vote(
      service.url,
      { page: freshPage(), reaction: "great" },
      { prefer: "wait=0" },
    );
    expect(status).toBe(202);
  });

  it("V2: the same vote ten times in parallel over both roads is one vote", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const socket = await service.socket();
    const over = [
      ...Array.from(
        { length: 10 },
        async () => (await vote(service.url, { page, reaction: "angry", voter })).status === 202,
      ),
      ...Array.from(
        { length: 10 },
        async () => (await socket.emitWithAck("vote", { page, reaction: "angry", voter })).ok,
      ),
    ];
    expect(new Set(await Promise.all(over))).toEqual(new Set([true]));
    const last = await tallied(service.url, { page, reaction: "angry", voter });
    expect(last.body.counts).toEqual({ great: 0, sad: 0, angry: 1, recommend: 0 });
  });

  it("V14, C2: fifty presses back and forth are one vote, the last; no total is ever impossible", async () => {
    const page = freshPage();
    const voter = await newVoter(service.url);
    const watcher = await service.socket();
    const totals: number[] = [];
    watcher.on("counts", (heard) => totals.push(heard.total, ...Object.values(heard.counts)));
    await watcher.emitWithAck("watch", { pages: [page] });
    const socket = await service.socket();
    const presses = Array.from({ length: 50 }, (_, i) =>
      socket.emitWithAck("vote", { page, reaction: i === 49 ? "sad" : i % 2 === 0 ? "great" : null, voter }),
    );
    for (const ack of await Promise.all(presses)) expect(ack.ok).toBe(true);
    await until(
      "the last press",
      async () => (await counts(page)).total === 1 && JSON.stringify(await counts(page)).includes('"sad":1'),
    );
    expect((await counts(page)).counts).toEqual({ great: 0, sad: 1, angry: 0, recommend: 0 });
    expect(totals.every((total) => total === 0 || total === 1)).toBe(true);
  });

  it("V3: another site's reactions are its own", async () => {
    const page = freshPage();
    expect((await tallied(service.url, { page, reaction: "no" }, "other")).body.counts).toEqual({
      yes: 0,
      no: 1,
    });
    expect((await vote(service.url, { page, reaction: "great" }, {}, "other")).body.code).toBe(
      "reaction_unknown",
    );
    expect((await counts(page)).total).toBe(0);
  });
});
