import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Server } from "socket.io";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFinished, vi } from "vitest";
import { WebSocket } from "ws";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { type PageCounts, Reactions, type ServiceError } from "../../shared/client/client.ts";
import { EventSocket } from "../../shared/client/event-socket.ts";
import { followPulse } from "../../shared/client/follow-pulse.ts";
import { ANSWER_MS_MAX } from "../../shared/client/request.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { freshPage, tallied, until } from "../support/reader.ts";
import { redisEnv } from "../support/redis-place.ts";
import { startProcess } from "../support/start-process.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const { site, env } = freshSite();
let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"), env);
});
afterAll(() => service.stop());
afterEach(() => vi.unstubAllGlobals());

const nothing = (): void => {};

const countsOf = (page: string, rev: number) => {
  return { page, counts: { great: 7 }, total: 7, epoch: "e", rev, state: "open" };
};

/** A socket until the test's end; `told` is what it heard. */
function open(endpoint: string, auth: object, namespace = "") {
  const told: unknown[] = [];
  const socket = new EventSocket(
    { endpoint, namespace, auth: () => auth, pauseMax_ms: 20_000, spread: 0.7 },
    {
      connected: () => told.push("connected"),
      event: (name, payload) => told.push([name, payload]),
      lost: () => told.push("lost"),
      refused: (problem) => told.push(problem),
    },
  );
  onTestFinished(() => socket.close());
  socket.open();
  return { socket, told };
}

/** Watches a page until the test's end; what was heard, newest last. */
function watch(endpoint: string, page: string): PageCounts[] {
  const heard: PageCounts[] = [];
  onTestFinished(new Reactions({ endpoint, site }).watch([page], (counts) => heard.push(counts)));
  return heard;
}

const sees = (heard: readonly PageCounts[], great: number) =>
  until(`great ${great}`, () => heard.at(-1)?.counts.great === great, 20_000);

/** Socket.io's own server, which the protocol's authors wrote. */
async function startSocketIo(options = {}): Promise<{ io: Server; http: HttpServer; url: string }> {
  const http = createServer();
  const io = new Server(http, { transports: ["websocket"], ...options });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => await io.close());
  return { io, http, url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` };
}

describe("the client's socket and the service", () => {
  it("P71: a reader hears what was missed while the realtime process was killed and started again", async () => {
    const page = freshPage();
    const port = String(await onFreePort(async (free) => free));
    const start = () => startProcess("realtime", { ...redisEnv(inject("redisUrl")), ...env, PORT: port });
    const first = start();
    const heard = watch(await first.listens, page);
    await sees(heard, 0);
    await first.kill();
    await tallied(service.url, { page, reaction: "great" }, site);
    const second = start();
    onTestFinished(() => second.kill());
    await sees(heard, 1);
  }, 60_000);

  it("P71: whoever is refused for good is told why", async () => {
    const { told } = open(service.url, { site: "nowhere" });
    await until("the refusal", () => told.length > 0);
    expect(told).toMatchObject([{ code: "site_unknown", retryable: false }]);
    const refused: ServiceError[] = [];
    const place = { endpoint: `${service.url}/`, site, token: "wrong" };
    const listener = { pulse: nothing, lost: nothing, refused: (error: ServiceError) => refused.push(error) };
    onTestFinished(followPulse(place, listener));
    await until("the refusal", () => refused.length > 0);
    expect(refused).toMatchObject([{ name: "ServiceError", code: "token_invalid", retryable: false }]);
  });

  it("P70: a dashboard hears the pulse in its namespace", async () => {
    const pulses: unknown[] = [];
    const listener = { pulse: (pulse: unknown) => pulses.push(pulse), lost: nothing, refused: nothing };
    onTestFinished(followPulse({ endpoint: service.url, site, token: ADMIN_TOKEN }, listener));
    await until("a pulse", () => pulses.length > 1);
  });

  it("P72: a question whose answer is lost on the way is given up", async () => {
    const proxy = await TcpProxy.begin(Number(new URL(service.url).port));
    onTestFinished(() => proxy.stop());
    const { socket } = open(`http://127.0.0.1:${proxy.port}`, { site });
    await until("a connection", () => socket.connected);
    expect(await socket.ask("voter", {})).toMatchObject({ ok: true });
    expect(await socket.ask("watch", { pages: "none" })).toMatchObject({
      ok: false,
      problem: { code: "pages_invalid" },
    });
    proxy.swallow("down");
    const began_ms = performance.now();
    expect(await socket.ask("voter", {})).toBeUndefined();
    expect(performance.now() - began_ms).toBeGreaterThan(4_900);
    const asked = socket.ask("voter", {});
    proxy.cut();
    // At once, long before it would be given up.
    expect(await Promise.race([asked, pause(ANSWER_MS_MAX - 500, "not yet")])).toBeUndefined();
  });

  it("P74: Node's own websocket is used where there is one, and another where there is none", async () => {
    vi.stubGlobal("WebSocket", undefined);
    await sees(watch(service.url, freshPage()), 0);
    let made = 0;
    vi.stubGlobal(
      "WebSocket",
      class extends WebSocket {
        constructor(address: string) {
          super(address);
          made++;
        }
      },
    );
    await sees(watch(service.url, freshPage()), 0);
    expect(made).toBe(1);
  });
});

describe("the client's socket and socket.io's own server", () => {
  it("P71: notices a connection that died without a word, and seeks another", async () => {
    const { url } = await startSocketIo({ pingInterval: 500, pingTimeout: 2_500 });
    const proxy = await TcpProxy.begin(Number(new URL(url).port));
    onTestFinished(() => proxy.stop());
    const { socket, told } = open(`http://127.0.0.1:${proxy.port}`, {});
    await until("a connection", () => socket.connected);
    // Longer than it bears silence: the pings came.
    await pause(4_000);
    expect(told).toEqual(["connected"]);
    proxy.swallow("both");
    await until("the loss", () => told.includes("lost"));
    proxy.mend();
    await until("another connection", () => told.length === 3);
    expect(told).toEqual(["connected", "lost", "connected"]);
  });

  it("P71: comes back when the server sends it away", async () => {
    const { io, url } = await startSocketIo();
    const { told } = open(url, {}, "/live");
    let sent = 0;
    io.of("/live").on("connection", (socket) => {
      socket.emit("hello", { sent });
      if (sent++ === 0) socket.disconnect();
    });
    await until("the second hello", () => told.length === 5);
    expect(told).toEqual(["connected", ["hello", { sent: 0 }], "lost", "connected", ["hello", { sent: 1 }]]);
  });

  it("P73: pages are named in the handshake and not asked for again; a service that does not know that is asked", async () => {
    for (const knows of [true, false]) {
      const { io, url } = await startSocketIo();
      const asked: unknown[] = [];
      let named: unknown;
      io.on("connection", (socket) => {
        named = socket.handshake.auth;
        const answer = ({ pages }: { pages: string[] }) => ({
          ok: true,
          pages: pages.map((page) => countsOf(page, 1)),
        });
        if (knows) socket.emit("watched", answer(socket.handshake.auth as { pages: string[] }));
        socket.on("watch", (payload, reply) => {
          asked.push(payload);
          reply(answer(payload));
        });
      });
      const pages = Array.from({ length: 101 }, (_, index) => `page-${index}`);
      const heard: PageCounts[] = [];
      const client = new Reactions({ endpoint: url });
      onTestFinished(client.watch(pages, (counts) => heard.push(counts)));
      await until("all counts", () => heard.length === 100, 20_000);
      expect(named).toEqual({ site: "default", pages: pages.slice(0, 100) });
      expect(asked).toEqual(knows ? [] : [{ pages: pages.slice(0, 100) }]);
    }
  });

  it("P75: a vote and a new voter that get no answer on the socket are sent over HTTP at once", async () => {
    const { io, http, url } = await startSocketIo();
    const token = `a1.default.${"A".repeat(22)}.${"B".repeat(22)}`;
    const came: string[] = [];
    let connections = 0;
    io.on("connection", (socket) => {
      socket.emit("watched", { ok: true, pages: [countsOf("page", ++connections)] });
      socket.onAny((event) => {
        came.push(`socket ${event}`);
        socket.disconnect();
      });
    });
    http.on("request", (request, response) => {
      if (request.url?.startsWith("/socket.io/")) return;
      came.push(`http ${request.url?.replace(/^.*\//, "")}`);
      response.end(JSON.stringify(request.url?.endsWith("voters") ? { voter: token } : { at: 5 }));
    });
    const client = new Reactions({ endpoint: url });
    let heard = 0;
    onTestFinished(client.watch(["page"], ({ rev }) => (heard = rev)));
    await until("the first connection", () => heard === 1);
    const late = pause(ANSWER_MS_MAX, "given up");
    expect(await Promise.race([client.voter(), late])).toBe(token);
    await until("the second connection", () => heard === 2);
    expect(await client.vote("page", "great")).toEqual({ page: "page", reaction: "great", at: 5 });
    expect(came).toEqual(["socket voter", "http voters", "socket vote", "http votes"]);
  });

  it("P73: what is wanted later is asked for on the open socket", async () => {
    const { io, url } = await startSocketIo();
    const said: unknown[] = [];
    io.on("connection", (socket) => {
      socket.emit("watched", { ok: true, pages: [] });
      socket.onAny((...event) => said.push(event.slice(0, 2)));
    });
    const client = new Reactions({ endpoint: url });
    onTestFinished(client.watch(["one"], nothing));
    await until("a connection", () => io.sockets.sockets.size === 1);
    const leave = client.watch(["two", "one"], nothing);
    await until("the question", () => said.length === 1);
    leave();
    await until("the farewell", () => said.length === 2);
    expect(said).toEqual([
      ["watch", { pages: ["two"] }],
      ["unwatch", { pages: ["two"] }],
    ]);
  });
});
