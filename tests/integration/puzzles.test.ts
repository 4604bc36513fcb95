import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Reactions } from "../../shared/client/client.ts";
import { askWithSolution } from "../../shared/client/solve-puzzle.ts";
import { type PuzzleSolution, parsePuzzle } from "../../shared/contract/puzzle.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import { countNewcomer, type NewcomerHeat } from "../../shared/tallies/count-newcomers.ts";
import { Puzzles } from "../../shared/votes/puzzles.ts";
import { call, countsOf, freshPage, until, vote } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const SECRET = "a secret that only tests know";
const sitesFile = writeSitesFile([
  { id: "always", name: "Always", puzzle: "always" },
  { id: "other", name: "Other", puzzle: "always" },
  { id: "auto", name: "Auto" },
  { id: "off", name: "Off", puzzle: "off" },
]);

// A Redis of its own: new voters of one network are counted.
let server: TestRedis;
let service: TestService;
let second: TestService;
let own: ReturnType<typeof openTestRedis>;
/** One that waits for its answers, however many are asked for at once. */
let patient: ReturnType<typeof openTestRedis>;
beforeAll(async () => {
  server = await startTestRedis();
  const env = { LIMITS: "on", SITES_FILE: sitesFile, TRUST_PROXY: "127.0.0.1", SECRET };
  service = await startService(server.url, env);
  second = await startService(server.url, { ...env, SECRET: `k2:a newer secret of the tests,1:${SECRET}` });
  own = openTestRedis("producer", server.url);
  patient = openTestRedis("worker", server.url);
});
afterAll(async () => {
  await service.stop();
  await second.stop();
  await own.lifecycle.stop();
  await patient.lifecycle.stop();
  await server.stop();
});

function newVoter(site: string, body?: unknown, address = "127.0.0.1", at = service) {
  return call(`${at.url}/v1/sites/${site}/voters`, {
    method: "POST",
    headers: { "x-forwarded-for": address, "content-type": "text/plain" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The solution of the puzzle in a refusal. */
async function solved(problem: unknown): Promise<PuzzleSolution> {
  const body: object = {};
  const refused = Object.assign(new Error("asked"), { cause: problem });
  await askWithSolution(async (asked) => Object.assign(body, asked), refused);
  return (body as { solution: PuzzleSolution }).solution;
}

async function refusedPuzzles(result: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return Number(
    new RegExp(`^reactions_puzzles_total{[^}]*result="${result}"[^}]*} (\\d+)`, "m").exec(text)?.[1] ?? 0,
  );
}

describe("puzzles for new voters", () => {
  it("S100: a new voter is asked over both roads, solves and votes; voters with a token are never asked", async () => {
    const page = freshPage();
    const asked = await newVoter("always");
    expect([asked.status, asked.body.code, asked.body.retryable]).toEqual([428, "puzzle_needed", false]);
    expect(parsePuzzle(asked.body.puzzle)).toEqual(asked.body.puzzle);
    const { status, body } = await newVoter("always", { solution: await solved(asked.body) });
    expect(status).toBe(201);
    for (const reaction of ["great", "sad", null, "angry"])
      expect((await vote(service.url, { page, reaction, voter: body.voter }, {}, "always")).status).toBe(202);

    const tokenless = await vote(service.url, { page, reaction: "great" }, {}, "always");
    expect([tokenless.status, tokenless.body.code]).toEqual([428, "puzzle_needed"]);
    const solution = await solved(tokenless.body);
    const taken = await vote(service.url, { page, reaction: "great", solution }, {}, "always");
    expect([taken.status, typeof taken.body.voter]).toEqual([202, "string"]);

    const socket = await service.socket("always");
    const ack = await socket.emitWithAck("voter", {});
    expect(ack).toMatchObject({ ok: false, problem: { code: "puzzle_needed", status: 428 } });
    const again = await socket.emitWithAck("voter", {
      solution: await solved("problem" in ack ? ack.problem : {}),
    });
    expect(again).toMatchObject({ ok: true, voter: expect.stringMatching(/^a1\./) });
    await until("both votes", async () => (await countsOf(service.url, page, "always")).total === 2);
    expect(await refusedPuzzles("asked")).toBeGreaterThanOrEqual(3);
    expect(await refusedPuzzles("solved")).toBe(3);
  });

  it("S100: the client library solves by itself, over HTTP and over its socket", async () => {
    const page = freshPage();
    const overHttp = new Reactions({ endpoint: service.url, site: "always" });
    expect((await overHttp.vote(page, "great")).page).toBe(page);
    const overSocket = new Reactions({ endpoint: service.url, site: "always" });
    let total = -1;
    const leave = overSocket.watch([page], (counts) => {
      total = counts.total;
    });
    await until("live counts", () => total === 1);
    await overSocket.vote(page, "sad");
    await until("its vote", () => total === 2);
    leave();
  });

  it("S103: a solution is good once, everywhere, for its site, in its time, and under an older secret", async () => {
    const solution = await solved((await newVoter("always")).body);
    const answers = await Promise.all([
      newVoter("always", { solution }),
      newVoter("always", { solution }, "127.0.0.1", second),
      newVoter("always", { solution }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 428, 428]);
    const refused = answers.find(({ status }) => status === 428)?.body;
    expect(refused?.code).toBe("puzzle_failed");
    // With the refusal comes a new puzzle.
    const next = await solved(refused);
    expect((await newVoter("other", { solution: next })).body.code).toBe("puzzle_failed");
    expect((await newVoter("always", { solution: next }, "127.0.0.1", second)).status).toBe(201);
  });

  it("S103: what was not solved, not signed or changed is refused, and whatever comes instead changes nothing", async () => {
    const asked = (await newVoter("always")).body.puzzle as PuzzleSolution;
    const right = await solved({ puzzle: asked });
    const easier = { ...right.parameters, keyPrefix: "00" };
    const later = { ...right.parameters, data: { ...right.parameters.data, until: Date.now() + 9e9 } };
    for (const solution of [
      { ...asked, counter: right.counter, derivedKey: "00".repeat(32) },
      { ...right, signature: "00".repeat(32) },
      { ...right, parameters: easier },
      { ...right, parameters: later },
      { ...right, parameters: { ...right.parameters, cost: 1 } },
      null,
      7,
      "solved",
      [],
      {},
      { parameters: { data: {} } },
    ]) {
      const { status, body } = await newVoter("always", { solution });
      expect([status, body.code], JSON.stringify(solution)).toEqual([428, "puzzle_failed"]);
    }
    for (const body of ["not an object", [1], null])
      expect((await newVoter("always", body)).status).toBe(400);
    expect(await refusedPuzzles("refused")).toBeGreaterThanOrEqual(11);
    expect((await newVoter("always", { solution: right })).status).toBe(201);
  });

  it("S103: a solution that is too old is refused; those taken are remembered only as long as they would be good", async () => {
    let now_ms = Date.now();
    const { puzzles: counter } = openMetrics();
    const puzzles = new Puzzles([{ id: "1", secret: SECRET }], own.redis, { puzzles: counter }, () => now_ms);
    const [one, other] = [await puzzles.ask("always", 1), await puzzles.ask("always", 3)];
    const [inTime, late] = [await solved({ puzzle: one }), await solved({ puzzle: other })];
    now_ms += 119_000;
    expect(await puzzles.redeem("always", inTime)).toBe(true);
    now_ms += 2_000;
    expect(await puzzles.redeem("always", late)).toBe(false);
    expect(await own.redis.pttl(`puzzle:${inTime.signature}`)).toBeLessThanOrEqual(2_000);
  });

  it("S101: a site that asks never does not, and asks nobody on its own machine unless always", async () => {
    expect((await newVoter("off")).status).toBe(201);
    for (let n = 0; n < 30; n++) expect((await newVoter("off", undefined, "198.51.100.7")).status).toBe(201);
    for (let n = 0; n < 30; n++) expect((await newVoter("auto")).status).toBe(201);
  });

  it("S101: a network that makes more voters than the site's others make plausible is asked; others are not", async () => {
    let free = 0;
    for (let n = 0; n < 80; n++) {
      const { status, body } = await newVoter("auto", undefined, `203.0.113.${n % 9}`);
      if (status === 201) free++;
      else expect(body.code).toBe("puzzle_needed");
    }
    expect(free).toBeGreaterThanOrEqual(20);
    expect(free).toBeLessThan(45);
    for (let n = 0; n < 40; n++)
      expect((await newVoter("auto", undefined, `${11 + n}.7.${n}.9`)).status, `${n}`).toBe(201);
    // A window may have begun anew meanwhile: then it takes as many again.
    await until(
      "asked again",
      async () => (await newVoter("auto", undefined, "203.0.113.77")).status === 428,
    );
  });

  const minute_ms = 60_000;
  const begin_ms = Math.floor(Date.now() / 6e5) * 6e5;
  /** What the last of so many newcomers of a site finds. */
  async function heatOf(site: string, count: number, of: (n: number) => readonly [number, number]) {
    let last: NewcomerHeat | undefined;
    for (let from = 0; from < count; from += 200) {
      const some = Array.from({ length: Math.min(200, count - from) }, (_, n) => from + n);
      last = (await Promise.all(some.map((n) => countNewcomer(patient.redis, site, ...of(n))))).at(-1);
    }
    if (last === undefined) throw new Error("nobody came");
    return last;
  }

  it("S104: the first rush of a new site asks nobody, a flood does, in the windows after it too", async () => {
    const site = randomUUID();
    const rush = await heatOf(site, 15_000, (n) => [n, begin_ms + minute_ms]);
    expect(rush).toMatchObject({ neighbourhood: expect.closeTo(0, 1) });
    expect(rush.site).toBeGreaterThan(0.5);
    expect(rush.site).toBeLessThan(1);
    expect((await heatOf(site, 7_000, (n) => [n, begin_ms + 2 * minute_ms])).site).toBeGreaterThan(1);
    // What the first window brought is not what is usual.
    expect((await heatOf(site, 15_000, (n) => [n, begin_ms + 12 * minute_ms])).site).toBeGreaterThan(1);
  });

  it("S104: a site with a reader now and then knows that a flood is none of its usual days", async () => {
    const site = randomUUID();
    for (let hour = 0; hour < 3; hour++) await heatOf(site, 1, (n) => [n, begin_ms + hour * 60 * minute_ms]);
    const flood = await heatOf(site, 5_000, (n) => [n, begin_ms + 3 * 60 * minute_ms]);
    expect(flood.site).toBeGreaterThan(1);
  });

  it("S104: a site that is stormed from everywhere is hot; one that one host storms is not", async () => {
    const site = randomUUID();
    const heat = (count: number, of: (n: number) => readonly [number, number]) => heatOf(site, count, of);
    // An hour of two hundred readers every ten minutes.
    for (let window = 0; window < 6; window++)
      await heat(200, (n) => [n, begin_ms + window * 10 * minute_ms + n * 1_000]);
    const now_ms = begin_ms + 60 * minute_ms;
    const host = await heat(5_000, (n) => [9_999, now_ms + n * 60]);
    expect(host.neighbourhood).toBeGreaterThan(10);
    expect(host.site).toBeLessThan(1);
    const reader = await heat(6_000, (n) => [n, now_ms + 5 * minute_ms]);
    expect(reader.neighbourhood).toBeLessThan(1);
    expect(reader.site).toBeGreaterThan(1);
  });
});
