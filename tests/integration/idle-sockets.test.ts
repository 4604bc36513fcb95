import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { startService, type TestService } from "../support/start-service.ts";

const EVENTS = 300;

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"), { LIMITS: "on" });
});
afterAll(() => service.stop());

describe("a socket", () => {
  it("S140: that names no site is ended after a while", async () => {
    const raw = new WebSocket(`${service.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    const [opened] = await once(raw, "message");
    expect(String(opened)).toMatch(/^0\{/);
    // Pings are answered: it is alive, and wants nothing.
    raw.on("message", (text) => {
      if (String(text) === "2") raw.send("3");
    });
    await once(raw, "close");
  });

  it("S140: that sends events without end is refused some of them, and goes on to be served", async () => {
    const socket = await service.socket();
    const asked = Array.from({ length: EVENTS }, () => socket.emitWithAck("unwatch", { pages: ["none"] }));
    const acks = await Promise.all(asked);
    const refused = acks.filter(({ ok }) => !ok);
    expect(acks.length - refused.length).toBeGreaterThanOrEqual(200);
    expect(refused[0]).toMatchObject({ problem: { code: "votes_too_fast", retryable: true, retryAfter: 1 } });
    // Another one has a limit of its own.
    const other = await service.socket();
    expect(await other.emitWithAck("watch", { pages: ["none"] })).toMatchObject({ ok: true });
    expect(socket.connected).toBe(true);
  });
});
