/** Viewers of a realtime service that was cut off from Redis while votes came in elsewhere, and none afterwards. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { freshPage, tallied, until } from "../support/reader.ts";
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
});
