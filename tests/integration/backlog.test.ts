/** Connections that come at once, before the first of them is taken. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterAll, expect, it } from "vitest";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

const AT_ONCE = 1_500;
/** How many the system lets a process keep. */
const SYSTEM_MAX = "/proc/sys/net/core/somaxconn";

const lifecycle = new Lifecycle();
afterAll(() => lifecycle.stop());

/** Connections to a local port whose handshake is over for both sides, taken or not (proc(5), `/proc/net/tcp`: state 01). */
function establishedTo(port: number): number {
  const local = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, here, , state]) => here?.endsWith(local) && state === "01").length;
}

it.skipIf(process.platform !== "linux")(
  "S168: nobody who knocks while the process is busy is turned away",
  async () => {
    const server = openHttpServer((_request, response) => response.end());
    const port = Number(new URL(await listen(server, "127.0.0.1", 0, lifecycle)).port);
    const count = Math.min(AT_ONCE, Number(readFileSync(SYSTEM_MAX, "utf8")));
    const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1"));
    // All of them knock before the event loop gets to take the first.
    const established = await new Promise<number>((resolve) =>
      process.nextTick(() => resolve(establishedTo(port))),
    );
    for (const socket of sockets) socket.destroy();
    expect(established).toBe(count);
  },
);
