import { io } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import { type PageCounts, parsePageCounts } from "../../shared/contract/counts.ts";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import type { ReaderSocket } from "../support/reader-socket.ts";
import { askFrom, containerOf, docker, inside, metricOf, PROXY } from "./compose.ts";

/** Prints the source that each record of a page in KEYS[1] holds: its last three bytes. */
const SOURCES =
  "local s = {} for _, v in ipairs(redis.call('HVALS', KEYS[1])) do s[#s + 1] = v:byte(-3) * 65536 + v:byte(-2) * 256 + v:byte(-1) end return s";

/** An address may have more votes than that on any page. */
const VOTERS_A_PAGE = 10;

async function connect(): Promise<ReaderSocket> {
  const socket: ReaderSocket = io(PROXY, {
    transports: ["websocket"],
    auth: { site: "default" },
    forceNew: true,
  });
  onTestFinished(() => void socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

/** Sends a vote until it is taken, as every client may; resolves to how often it was told to send it again. */
async function castUntilTaken(body: unknown): Promise<number> {
  for (let refusals = 0; ; refusals += 1) {
    const { status, body: said } = await vote(PROXY, body);
    if (status === 202) return refusals;
    expect(said).toMatchObject({ status: 503, code: "unavailable", retryable: true });
  }
}

/** So many pages that the voters, who all come from this machine's address, are no crowd on any. */
function pagesFor(voters: number): readonly string[] {
  return Array.from({ length: voters / VOTERS_A_PAGE }, () => freshPage());
}

/** Votes on some pages, and those of them for one reaction. */
async function sumOf(pages: readonly string[], reaction: string): Promise<{ total: number; of: number }> {
  const counted = await Promise.all(pages.map(async (page) => parsePageCounts(await countsOf(PROXY, page))));
  return {
    total: counted.reduce((sum, counts) => sum + (counts?.total ?? 0), 0),
    of: counted.reduce((sum, counts) => sum + (counts?.counts[reaction] ?? 0), 0),
  };
}

describe("behind the proxy", () => {
  it("S42: votes pass through both api processes, and are counted", async () => {
    const pages = pagesFor(40);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        tallied(PROXY, { page: pages[i % pages.length], reaction: "great" }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await sumOf(pages, "great")).toEqual({ total: 40, of: 40 });
    for (const api of ["api-1", "api-2"])
      expect(await metricOf(api, "reactions_votes_accepted_total")).toBeGreaterThan(0);
  });

  it("S42: a socket hears of votes, whichever realtime process it is on", async () => {
    const page = freshPage();
    const sockets = await Promise.all(Array.from({ length: 8 }, connect));
    const heard = sockets.map((socket) => {
      const counts: PageCounts[] = [];
      socket.on("counts", (news) => counts.push(news));
      return counts;
    });
    for (const socket of sockets)
      await until(
        "the page to be watched",
        async () => (await socket.emitWithAck("watch", { pages: [page] })).ok,
      );
    for (const realtime of ["realtime-1", "realtime-2"])
      expect(await metricOf(realtime, "reactions_viewers")).toBeGreaterThan(0);
    await tallied(PROXY, { page, reaction: "sad" });
    await until("everybody to hear", () => heard.every((counts) => counts.at(-1)?.total === 1));
    expect(await sockets[0]?.emitWithAck("vote", { page, reaction: "great" })).toMatchObject({ ok: true });
    await until("the vote over a socket", () => heard.every((counts) => counts.at(-1)?.total === 2));
  });

  it("S42: an api process that is killed takes no vote with it, and comes back", async () => {
    const pages = pagesFor(60);
    const voters = await Promise.all(Array.from({ length: 60 }, () => newVoter(PROXY)));
    const container = await containerOf("api-1");
    const pid = Number(await docker("inspect", "--format", "{{.State.Pid}}", container));
    const casts = voters.map(async (voter, i) => {
      if (i === 20) process.kill(pid, "SIGKILL");
      return castUntilTaken({ page: pages[i % pages.length], reaction: "angry", voter });
    });
    await Promise.all(casts);
    for (const [i, voter] of voters.entries())
      await castUntilTaken({ page: pages[i % pages.length], reaction: "recommend", voter });
    await until("every vote, once", async () => {
      const { total, of } = await sumOf(pages, "recommend");
      return total === voters.length && of === voters.length;
    });
    // Waits until it is healthy, and would start it as well; that the engine did so before is counted.
    await docker("compose", "up", "--detach", "--wait", "--no-recreate", "--no-deps", "api-1");
    expect(Number(await docker("inspect", "--format", "{{.RestartCount}}", container))).toBeGreaterThan(0);
  });

  it("S42: operators' numbers stay inside, and what the proxy refuses is a problem", async () => {
    expect(await call(`${PROXY}/metrics`)).toMatchObject({ status: 404, body: { code: "route_unknown" } });
    const large = await vote(PROXY, { page: "p", reaction: "great", more: "x".repeat(100_000) });
    expect(large).toMatchObject({ status: 413, body: { code: "body_too_large", retryable: false } });
    const long = await call(`${PROXY}/v1/sites/default/counts?page=${"x".repeat(70_000)}`);
    expect(long).toMatchObject({ status: 431, body: { code: "header_too_large" } });
    const hundred = new URLSearchParams(
      Array.from({ length: 100 }, (_, i) => ["page", `${i}-${"x".repeat(500)}`]),
    );
    expect((await call(`${PROXY}/v1/sites/default/counts?${hundred}`)).status).toBe(200);
  });

  it("S42: a thousand pages are registered at once", async () => {
    const pages = Array.from({ length: 1_000 }, (_, n) => {
      const page = `${freshPage("registered")}-${n}-${"x".repeat(100)}`;
      return {
        page,
        title: `${"A title of some length. ".repeat(4)}${n}`,
        url: `https://news.example/${page}`,
      };
    });
    const headers = {
      authorization: `Bearer ${process.env.ADMIN_TOKEN}`,
      "content-type": "application/json",
    };
    const url = `${PROXY}/v1/sites/default/pages`;
    expect((await call(url, { method: "PUT", headers, body: JSON.stringify({ pages }) })).status).toBe(200);
    const large = JSON.stringify({ pages, more: "x".repeat(2_500_000) });
    expect(await call(url, { method: "PUT", headers, body: large })).toMatchObject({
      status: 413,
      body: { code: "body_too_large" },
    });
  });

  it("S44: an address that a client claims changes nothing; the proxy's word counts", async () => {
    const page = freshPage();
    const claim = (address: string) => ({
      "x-forwarded-for": address,
      "x-real-ip": address,
      forwarded: `for=${address}`,
    });
    const body = { page, reaction: "great" };
    for (const address of ["203.0.113.1", "198.51.100.2"])
      expect((await vote(PROXY, body, { ...claim(address), prefer: "wait=10" })).status).toBe(200);
    // From another address: once through the proxy, and once past it, claiming to have come through.
    for (const way of ["proxy:8080", "api-1:3000"]) {
      const request = {
        method: "POST",
        headers: { ...claim("203.0.113.1"), prefer: "wait=10" },
        body: JSON.stringify(body),
      };
      const { status } = await askFrom("worker-1", `http://${way}/v1/sites/default/votes`, request);
      expect(status).toBe(200);
    }
    const printed = await inside("redis", "redis-cli", "EVAL", SOURCES, "1", `{default:${page}}:v:1`);
    const sources = printed.split("\n");
    expect(sources).toHaveLength(4);
    const times = [...new Set(sources)].map((source) => sources.filter((other) => other === source).length);
    expect(times).toEqual([2, 2]);
  });

  it("S44: a host that a client claims changes nothing of what the service says of itself", async () => {
    const url = `${PROXY}/embed?site=default&page=p`;
    const claims = { headers: { "x-forwarded-host": "evil.example", forwarded: "host=evil.example" } };
    const { status, body } = await call(`${PROXY}/oembed?${new URLSearchParams({ url })}`, claims);
    expect([status, body.provider_url]).toEqual([200, PROXY]);
  });
});
