import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { readJsonBody } from "../../services/api/read-body.ts";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { sendProblem } from "../../shared/runtime/send-problem.ts";

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
  const closed = once(socket, "close");
  await once(socket, "connect");
  socket.write(begin);
  const drops = setInterval(() => socket.write(drop), 10);
  await closed;
  clearInterval(drops);
  return heard;
}

describe("slow requests", () => {
  it("S110: headers that arrive drop by drop end with a problem and the connection", async () => {
    const server = openHttpServer((_request, response) => response.end(), 200, 50);
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
