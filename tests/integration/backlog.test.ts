/** Connections that come at once, before the first of them is taken. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, expect, it } from "vitest";
import { listen, openHttpServer } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";

const AT_ONCE = 1_500;
/** How many the system lets a process keep. */
const SYSTEM_MAX = "/proc/sys/net/core/somaxconn";

const lifecycle = new Lifecycle();
afterAll(() => lifecycle.stop());

/** Who is connected to a local port, by their ports, taken or not (proc(5), `/proc/net/tcp`: state 01). */
function connectedTo(port: number): readonly number[] {
  const local = hexOf(port);
  const lines = readFileSync("/proc/net/tcp", "utf8").trim().split("\n").slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, here, , state]) => here?.endsWith(local) && state === "01")
    .map(([, , there = ""]) => Number.parseInt(there.slice(there.indexOf(":") + 1), 16));
}

function hexOf(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The port that a connection comes from, once it stands. */
async function ownPort(socket: Socket): Promise<number | undefined> {
  await once(socket, "connect");
  return socket.localPort;
}

it.skipIf(process.platform !== "linux")(
  "S168: nobody who knocks while the process is busy is turned away",
  async () => {
    const server = openHttpServer((_request, response) => response.end());
    const port = Number(new URL(await listen(server, "127.0.0.1", 0, lifecycle)).port);
    const count = Math.min(AT_ONCE, Number(readFileSync(SYSTEM_MAX, "utf8")));
    const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1"));
    // All of them knock before the event loop gets to take the first.
    const connected = await new Promise<readonly number[]>((resolve) =>
      process.nextTick(() => resolve(connectedTo(port))),
    );
    // Others may have come, too: whoever still looks for a service that had this port before.
    const ours = new Set(await Promise.all(sockets.map(ownPort)));
    for (const socket of sockets) socket.destroy();
    expect(connected.filter((each) => ours.has(each))).toHaveLength(count);
  },
);
