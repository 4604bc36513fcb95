/** Votes that are read past Node's parser, and connections that leave that lane. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { type AnswerPlain, openPlainLane } from "../../shared/runtime/plain-lane.ts";
import type { Answer } from "../../shared/runtime/send-answer.ts";
import { countsOf, freshPage, newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

/** A connection, and what came over it. */
class Wire {
  readonly socket: Socket;
  heard = "";

  constructor(port: number) {
    // Whoever ends stays to hear the rest, as a client over HTTP may.
    this.socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    this.socket.setEncoding("latin1").on("data", (chunk: string) => {
      this.heard += chunk;
    });
    this.socket.on("error", () => {});
  }

  /** Sends pieces, each by itself. */
  async send(...pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      this.socket.write(piece);
      await pause(20);
    }
  }

  /** Resolves to as many answers as asked for: heads and bodies. */
  async answers(count: number): Promise<readonly { readonly head: string; readonly body: string }[]> {
    for (;;) {
      const answers = readAnswers(this.heard);
      if (answers.length >= count) return answers;
      if (this.socket.closed) throw new Error(`closed after:\n${this.heard}`);
      await pause(5);
    }
  }

  async closed(): Promise<void> {
    if (this.socket.readableEnded || this.socket.closed) return;
    await Promise.race([once(this.socket, "end"), once(this.socket, "close")]);
  }
}

function readAnswers(text: string): readonly { readonly head: string; readonly body: string }[] {
  const end = text.indexOf("\r\n\r\n") + 4;
  const head = text.slice(0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  if (end === 3 || text.length < end + length) return [];
  const answer = { head, body: text.slice(end, end + length) };
  return [answer, ...readAnswers(text.slice(end + length))];
}

const request = (path: string, body: string, ...lines: readonly string[]): string =>
  [`POST ${path} HTTP/1.1`, "host: a", ...lines, `content-length: ${body.length}`, "", body].join("\r\n");
const castAs = (voter: string | undefined, page: string, reaction = "great"): string =>
  request("/v1/sites/default/votes", JSON.stringify({ page, reaction, voter }));

describe("votes past Node's parser", () => {
  let service: TestService;
  let port: number;
  beforeAll(async () => {
    service = await startService(inject("redisUrl"));
    port = Number(new URL(service.url).port);
  });
  afterAll(() => service.stop());

  /** What the request is answered by the lane, and what by Node's server: it comes there when it comes in two pieces. */
  async function bothWays(sent: string): Promise<readonly string[]> {
    const answers: string[] = [];
    for (const pieces of [[sent], [sent.slice(0, 30), sent.slice(30)]]) {
      const wire = new Wire(port);
      await wire.send(...pieces);
      const [answer] = await wire.answers(1);
      wire.socket.destroy();
      answers.push(
        `${answer?.head}${answer?.body}`.replace(/Date: .*/, "Date: now").replace(/"at":\d+/, '"at":now'),
      );
    }
    return answers;
  }

  it("S124: are answered the same as by it, letter for letter", async () => {
    const voter = await newVoter(service.url);
    const page = freshPage();
    const votes = "/v1/sites/default/votes";
    for (const sent of [
      castAs(voter, page),
      castAs(undefined, page, "nice"),
      castAs("forged", page),
      request(votes, "{"),
      request(votes, "[]"),
      request(votes, ""),
      request(votes, "page=a&reaction=nice", "content-type: application/x-www-form-urlencoded"),
      request("/v1/sites/nobody/votes", JSON.stringify({ page, reaction: "great", voter })),
      request("/v1/sites/default/nothing", "{}"),
    ]) {
      const [one, other] = await bothWays(sent);
      expect(one).toBe(other);
      expect(one).toMatch(/^HTTP\/1\.1 [24]\d\d /);
    }
  });

  it.each(["content-type: image/png", "authorization: Basic YTpi"])(
    "S124: may be followed by others where Node's server ends, not having read the body: %s",
    async (line) => {
      const body = JSON.stringify({ page: freshPage(), reaction: "great" });
      const [one, other] = await bothWays(request("/v1/sites/default/votes", body, line));
      expect(other).toContain("\r\nConnection: close\r\n");
      expect(one).toContain("\r\nConnection: keep-alive\r\n");
      expect(one?.replace(/^Connection: .*\r\nKeep-Alive: .*/m, "Connection: close")).toBe(other);
    },
  );

  it("S124: share a connection with requests of every other kind, each answered in turn", async () => {
    const voter = await newVoter(service.url);
    const page = freshPage();
    const wire = new Wire(port);
    await wire.send(castAs(voter, page), castAs(voter, page, "sad"));
    // Two in one piece, one in two, one that wants to hear the tally, and what is no vote.
    const wait = request(
      "/v1/sites/default/votes",
      JSON.stringify({ page, reaction: "angry", voter }),
      "prefer: wait=5",
    );
    await wire.send(castAs(voter, page) + castAs(voter, page, "sad"), wait.slice(0, 90), wait.slice(90));
    await wire.send(
      `GET /v1/sites/default/counts?page=${encodeURIComponent(page)} HTTP/1.1\r\nhost: a\r\n\r\n`,
    );
    const answers = await wire.answers(6);
    expect(answers.map(({ head }) => head.slice(9, 12))).toEqual(["202", "202", "202", "202", "200", "200"]);
    expect(answers.slice(0, 4).map(({ body }) => JSON.parse(body).reaction)).toEqual([
      "great",
      "sad",
      "great",
      "sad",
    ]);
    expect(JSON.parse(answers[4]?.body ?? "").counts).toMatchObject({ angry: 1, great: 0, sad: 0 });
    wire.socket.destroy();
  });

  it("S124: are answered when the client has said that nothing follows, and when the next one follows too soon", async () => {
    const voter = await newVoter(service.url);
    const ending = new Wire(port);
    ending.socket.end(castAs(voter, freshPage()));
    expect((await ending.answers(1))[0]?.head).toContain("Connection: close");
    await ending.closed();
    const hasty = new Wire(port);
    await once(hasty.socket, "connect");
    const page = freshPage();
    hasty.socket.write(castAs(voter, page));
    setImmediate(() => hasty.socket.write(castAs(voter, page, "sad")));
    const answers = await hasty.answers(2);
    expect(answers.map(({ body }) => JSON.parse(body).reaction)).toEqual(["great", "sad"]);
    hasty.socket.destroy();
  });

  it("S124: count once, whatever comes of the connection", async () => {
    const page = freshPage();
    const voters = await Promise.all(Array.from({ length: 20 }, () => newVoter(service.url)));
    for (const [n, voter] of voters.entries()) {
      const wire = new Wire(port);
      await once(wire.socket, "connect");
      wire.socket.write(castAs(voter, page));
      if (n % 2 === 0) await wire.answers(1);
      wire.socket.resetAndDestroy();
    }
    const total = async () => (await countsOf(service.url, page)).total;
    await until("every vote that was answered", async () => Number(await total()) >= 10);
    // Whoever heard nothing sends again.
    await Promise.all(voters.map((voter) => tallied(service.url, { page, reaction: "great", voter })));
    expect(await total()).toBe(20);
  });
});

describe("connections in the lane beside Node's parser", () => {
  const ended = new Lifecycle();
  afterAll(() => ended.stop());

  /** A server whose lane answers everything with `answer`; Node's server says 404. */
  async function serve(
    answer: AnswerPlain,
    {
      lifecycle = new Lifecycle(),
      headers_ms = 200,
      server = openHttpServer((_, response) => response.writeHead(404, { "content-length": 0 }).end(), {
        headers_ms,
        look_ms: 50,
      }),
    } = {},
  ): Promise<{ readonly port: number; readonly server: Server; readonly lifecycle: Lifecycle }> {
    openPlainLane(server, answer, lifecycle);
    await once(server.listen(0, "127.0.0.1"), "listening");
    ended.onStop("server", () => void server.close());
    ended.onStop("connections", () => server.closeAllConnections());
    return { port: (server.address() as AddressInfo).port, server, lifecycle };
  }

  const OK: Answer = { status: 200, headers: [], text: "ok" };

  it("S149: that take nothing of their answers are ended", async () => {
    const long: Answer = { status: 200, headers: [], text: "x".repeat(20_000_000) };
    const { port, server } = await serve(async () => long);
    server.keepAliveTimeout = 200;
    const taken = once(server, "connection").then(async ([socket]) => await once(socket, "close"));
    const silent = connect(port, "127.0.0.1");
    silent.on("error", () => {});
    silent.pause();
    silent.write("POST /v1/sites/default/votes HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}");
    await taken;
    silent.destroy();
  });

  it("S110: that say nothing are refused and end as soon as Node's would", async () => {
    const { port } = await serve(async () => OK);
    const wire = new Wire(port);
    await wire.closed();
    expect(wire.heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(wire.heard).toContain('"code":"request_too_slow"');
  });

  it("S110: that begin a request and go on slowly are refused and end", async () => {
    const { port } = await serve(async () => OK);
    const wire = new Wire(port);
    await wire.send(request("/", "a"), "POST / HTTP/1.1\r\nhost");
    await wire.closed();
    expect(readAnswers(wire.heard).map(({ head }) => head.slice(9, 12))).toEqual(["200", "408"]);
  });

  it("S124: that are idle end when a kept connection does", async () => {
    const server = createServer({ keepAliveTimeout: 150 });
    const { port } = await serve(async () => OK, { server });
    const wire = new Wire(port);
    await wire.send(request("/", "a"));
    expect((await wire.answers(1))[0]?.head).toContain("Keep-Alive: timeout=0");
    await wire.closed();
    expect(readAnswers(wire.heard)).toHaveLength(1);
  });

  it("S30: end on stop, idle ones at once and busy ones with their answer; later ones are Node's", async () => {
    let answer = (_: Answer): void => {};
    const { port, lifecycle } = await serve(({ path }) =>
      path === "/slow" ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(OK),
    );
    const [idle, busy] = [new Wire(port), new Wire(port)];
    await idle.send(request("/", "a"));
    await busy.send(request("/slow", "a"));
    await lifecycle.stop();
    await idle.closed();
    expect(readAnswers(idle.heard)).toHaveLength(1);
    const late = new Wire(port);
    await late.send(request("/", "a"));
    expect(late.heard).toMatch(/^HTTP\/1\.1 404 /);
    late.socket.destroy();
    answer(OK);
    expect((await busy.answers(1))[0]?.head).toContain("Connection: close");
    await busy.closed();
  });

  it("S46: that do not read what they are answered are asked no more", async () => {
    let asked = 0;
    const large: Answer = {
      status: 200,
      headers: [],
      text: "a".repeat(1_000_000),
    };
    const { port } = await serve(async () => {
      asked++;
      return large;
    });
    const wire = new Wire(port);
    wire.socket.pause();
    for (let n = 0; n < 40; n++) await wire.send(request("/", "a"));
    // What the systems on both sides hold for a connection is some MB.
    expect(asked).toBeLessThan(20);
    wire.socket.resume();
    await wire.answers(asked);
    wire.socket.destroy();
  });
});
