/** One handshake of a socket, and what it was answered with. */
import { io } from "socket.io-client";
import { isObject } from "../../shared/contract/object.ts";

const ANSWER_MS_MAX = 20_000;

/**
 * Connects with `auth` and goes again.
 * @returns 200, or the status of the problem that the site or the pages were refused with; undefined: an answer out of shape,
 * or none
 */
export async function shakeHands(url: string, auth: object): Promise<number | undefined> {
  const socket = io(url, { transports: ["websocket"], auth, forceNew: true, reconnection: false });
  try {
    return await new Promise((resolve) => {
      setTimeout(() => resolve(undefined), ANSWER_MS_MAX).unref();
      socket.on("connect_error", (error) =>
        resolve("data" in error && isObject(error.data) ? statusOf({ ok: false, ...error.data }) : undefined),
      );
      socket.on("connect", () => {
        // As JSON it goes over the wire, where what is not defined is not there.
        if (!("pages" in auth) || auth.pages === undefined) resolve(200);
      });
      socket.on("watched", (ack: unknown) => resolve(statusOf(ack)));
    });
  } finally {
    socket.disconnect();
  }
}

function statusOf(ack: unknown): number | undefined {
  if (!isObject(ack)) return undefined;
  if (ack.ok === true) return Array.isArray(ack.pages) ? 200 : undefined;
  return isObject(ack.problem) && typeof ack.problem.status === "number" ? ack.problem.status : undefined;
}
