import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readJsonBody } from "../../services/api/read-body.ts";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { sendProblem } from "../../shared/runtime/send-problem.ts";
import { ADMIN_TOKEN } from "../support/fresh-site.ts";
import { startByParts } from "../support/start-by-parts.ts";

const lifecycle = new Lifecycle();
afterAll(() => lifecycle.stop());

/** Sends bytes, goes on with one more whenever the connection takes it, and resolves to all that came back once it is closed. */
async function drip(url: string, begin: string, drop: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk.toString("latin1");
  });
  // The other side may close while we write.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  socket.write(begin);
  const drops = setInterval(() => socket.write(drop), 10);
  await closed;
  clearInterval(drops);
  return heard;
}

describe("slow requests", () => {
  it("S110: headers that arrive drop by drop end with a problem and the connection", async () => {
    const server = openHttpServer((_request, response) => response.end(), { headers_ms: 200, look_ms: 50 });
    const url = await listen(server, "127.0.0.1", 0, lifecycle);
    const heard = await drip(url, "POST /v1/sites/default/votes HTTP/1.1\r\nhost: a\r\n", "x-more: a\r\n");
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard).toContain('"code":"request_too_slow"');
  });

  it("S110: so does a body", async () => {
    const log = openLog("test", "silent");
    const server = openHttpServer(async (request, response) => {
      await readJsonBody(request, 8_192, 200).catch((error) => {
        response.shouldKeepAlive = false;
        sendProblem(response, error, log);
      });
    });
    const url = await listen(server, "127.0.0.1", 0, lifecycle);
    const begin = "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 8000\r\n\r\n{";
    const heard = await drip(url, begin, " ");
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard).toContain('"code":"request_too_slow"');
  });
});

const PATIENCE = { body_ms: 200, unread_ms: 200, stuck_ms: 200, look_ms: 50 };

/** How often an answer begins in what was heard, with which status each time. */
function statusesIn(heard: string): readonly string[] {
  return [...heard.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = ""]) => status);
}

describe("clients who hold a connection of the service", () => {
  let url: string;
  beforeAll(async () => {
    url = await startByParts(inject("redisUrl"), lifecycle, { patience: PATIENCE, env: { ADMIN_TOKEN } });
  });

  it.each([
    ["POST /v1/sites/default/voters", "408", "request_too_slow"],
    ["POST /v1/sites/default/votes", "408", "request_too_slow"],
    ["PUT /v1/sites/default/pages", "401", "token_missing"],
    ["POST /v1/sites/default/import", "401", "token_missing"],
    ["POST /nowhere", "404", "route_unknown"],
    ["POST /socket.io/?transport=polling", "400", "query_invalid"],
    ["GET /v1/sites/default/counts?page=a", "200", "counts"],
    ["GET /healthz", "200", ""],
  ])(
    "S148: %s with a body that does not end is answered once, and its connection ends",
    async (route, status, word) => {
      for (const body of ["content-length: 8000\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n"]) {
        const drop = body.startsWith("t") ? "1\r\n \r\n" : " ";
        const heard = await drip(url, `${route} HTTP/1.1\r\nhost: a\r\n${body}`, drop);
        expect(statusesIn(heard)).toEqual([status]);
        expect(heard).toContain(word);
      }
    },
  );

  it("S148: an import may take longer than other bodies", async () => {
    const authorization = `Bearer ${ADMIN_TOKEN}`;
    const exported = await fetch(`${url}/v1/sites/default/export`, { headers: { authorization } });
    const lines = await exported.text();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    const head = [
      "POST /v1/sites/default/import HTTP/1.1",
      "host: a",
      `authorization: ${authorization}`,
      `content-length: ${Buffer.byteLength(lines)}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${lines.slice(0, 10)}`);
    // Whoever came later was too slow meanwhile.
    const later = await drip(
      url,
      "POST /v1/sites/default/voters HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n",
      " ",
    );
    expect(statusesIn(later)).toEqual(["408"]);
    expect(heard).toBe("");
    socket.write(lines.slice(10));
    await once(socket, "close");
    expect(statusesIn(heard)).toEqual(["200"]);
  });

  it("S148: whoever sends all of a refused body goes on over the same connection", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let heard = "";
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    const body = "x".repeat(100_000);
    socket.write(`POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    socket.write("GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    await once(socket, "close");
    expect(statusesIn(heard)).toEqual(["404", "200"]);
  });

  it("S149: whoever takes nothing of an answer is ended", async () => {
    const server = openHttpServer((_request, response) => response.end("x".repeat(20_000_000)), PATIENCE);
    const ended = once(server, "connection").then(async ([socket]) => await once(socket, "close"));
    const address = await listen(server, "127.0.0.1", 0, lifecycle);
    const silent = connect(Number(new URL(address).port), "127.0.0.1");
    silent.on("error", () => {});
    silent.pause();
    silent.write("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
    await ended;
    silent.destroy();
  });

  it("S149: whoever waits for an answer that takes long is not ended", async () => {
    const server = openHttpServer((request, response) => {
      request.socket.once("timeout", () => setImmediate(() => response.end("at last")));
    }, PATIENCE);
    const address = await listen(server, "127.0.0.1", 0, lifecycle);
    expect(await (await fetch(address)).text()).toBe("at last");
  });
});
