import { io } from "socket.io-client";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ReaderSocket } from "../../shared/client/live.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { call, countsOf, freshPage, newVoter, tallied, until, vote } from "../support/reader.ts";
import { askFrom, containerOf, docker, metricOf, PROXY } from "./compose.ts";

/** New voters that one process takes from one network in a minute. */
const NEW_VOTERS_MAX = 600;

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

describe("behind the proxy", () => {
  it("S42: votes pass through both api processes, and are counted", async () => {
    const page = freshPage();
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => tallied(PROXY, { page, reaction: "great" })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await countsOf(PROXY, page)).toMatchObject({ total: 40, counts: { great: 40 } });
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
      expect(await socket.emitWithAck("watch", { pages: [page] })).toMatchObject({ ok: true });
    for (const realtime of ["realtime-1", "realtime-2"])
      expect(await metricOf(realtime, "reactions_viewers")).toBeGreaterThan(0);
    await tallied(PROXY, { page, reaction: "sad" });
    await until("everybody to hear", () => heard.every((counts) => counts.at(-1)?.total === 1));
    expect(await sockets[0]?.emitWithAck("vote", { page, reaction: "great" })).toMatchObject({ ok: true });
    await until("the vote over a socket", () => heard.every((counts) => counts.at(-1)?.total === 2));
  });

  it("S42: an api process that is killed takes no vote with it, and comes back", async () => {
    const page = freshPage();
    const voters = await Promise.all(Array.from({ length: 60 }, () => newVoter(PROXY)));
    const container = await containerOf("api-1");
    const pid = Number(await docker("inspect", "--format", "{{.State.Pid}}", container));
    const casts = voters.map(async (voter, i) => {
      if (i === 20) process.kill(pid, "SIGKILL");
      return castUntilTaken({ page, reaction: "angry", voter });
    });
    await Promise.all(casts);
    for (const voter of voters) await castUntilTaken({ page, reaction: "recommend", voter });
    await until("every vote, once", async () => {
      const counts = await countsOf(PROXY, page);
      return (
        counts.total === voters.length &&
        JSON.stringify(counts.counts).includes(`"recommend":${voters.length}`)
      );
    });
    const state = "{{.RestartCount}} {{.State.Health.Status}}";
    await until(
      "the killed process to be back",
      async () => /^[1-9]\d* healthy$/.test(await docker("inspect", "--format", state, container)),
      100_000,
    );
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

  // The last one: it uses up what one network may do in a minute.
  it("S44: an address that a client claims changes nothing; the proxy's word counts", async () => {
    const voters = (from: string) =>
      fetch(`${PROXY}/v1/sites/default/voters`, {
        method: "POST",
        headers: { "x-forwarded-for": from, forwarded: `for=${from}`, "x-real-ip": from },
      }).then(async (answer) => {
        await answer.arrayBuffer();
        return answer.status;
      });
    // Both processes have had enough of this network when neither takes any more of many requests.
    let asked = 0;
    for (let tired = false; !tired; asked += 50) {
      expect(asked).toBeLessThan(4 * NEW_VOTERS_MAX);
      const statuses = await Promise.all(
        Array.from({ length: 50 }, (_, i) => voters(`203.0.${Math.floor(asked / 50)}.${i + 1}`)),
      );
      tired = statuses.every((status) => status === 429);
    }
    const gateway = "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}";
    const ours = await docker("inspect", "--format", gateway, await containerOf("proxy"));
    const other = { method: "POST", headers: { "x-forwarded-for": ours } };
    // Another network is served still: the proxy tells the services where each request came from.
    expect(await askFrom("worker-1", "http://proxy:8080/v1/sites/default/voters", other)).toMatchObject({
      status: 201,
    });
    // And past the proxy nobody is believed.
    expect(await askFrom("worker-1", "http://api-1:3000/v1/sites/default/voters", other)).toMatchObject({
      status: 201,
    });
  });
});
