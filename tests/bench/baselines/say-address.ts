import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Says on standard output where a server listens, for the benchmark that began it. */
export function sayAddress(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
}
