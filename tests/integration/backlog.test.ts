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

/** A table that changes while it is read shows some connections twice and some not; whom one look misses the next ones find. */
const LOOKS = 5;

/** Who is connected to a local port, by their ports, taken or not. */
function connectedTo(port: number): ReadonlySet<number> {
  return new Set(Array.from({ length: LOOKS }, () => lookWhoIsAt(port)).flat());
}

/** One look, see proc(5), `/proc/net/tcp`: state 01. */
function lookWhoIsAt(port: number): readonly number[] {
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
    const connected = await new Promise<ReadonlySet<number>>((resolve) =>
      process.nextTick(() => resolve(connectedTo(port))),
    );
    // Others who come, as whoever still looks for a service that had this port before, do not count.
    const ours = await Promise.all(sockets.map(ownPort));
    for (const socket of sockets) socket.destroy();
    expect(ours.filter((each = 0) => connected.has(each))).toHaveLength(count);
  },
);
