import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ranges from which systems draw the ports of outgoing connections (32768 and up on Linux, 49152 elsewhere).
 * From inside them a client that reconnects to a Redis just killed can be given that very port, connect to itself, and
 * keep the Redis from coming back on it.
 */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 50;
const STARTS = 3;

/** A port on 127.0.0.1 that nobody listened on a moment ago. */
async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port on 127.0.0.1 among ${TRIES} tried between ${FIRST} and ${LAST}`);
}

/**
 * Starts something on a free port, on another one when somebody took the first between the finding and the start.
 * @param start must have closed what it opened when it rejects
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const port = await findFreePort();
    try {
      return await start(port);
    } catch (error) {
      if (tries === STARTS || (await isFree(port))) throw error;
    }
  }
}

/** Whether 127.0.0.1:`port` could be listened on just now. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
