/** A socket.io connection from a page, as far as the door. */
import { io } from "socket.io-client";

/**
 * @param url of the service, with the namespace if it is not the main one
 * @param origin of the page; undefined: what connects is no page
 * @returns `connected`, or why there is no connection: the problem if there is one, else the error's message
 */
export async function knock(url: string, auth: object, origin?: string): Promise<unknown> {
  const socket = io(url, {
    transports: ["websocket"],
    auth,
    ...(origin === undefined ? {} : { extraHeaders: { origin } }),
    forceNew: true,
    reconnection: false,
  });
  const heard = await new Promise<unknown>((resolve) => {
    socket.once("connect", () => resolve("connected"));
    socket.once("connect_error", (error) => resolve("data" in error ? error.data : error.message));
  });
  socket.disconnect();
  return heard;
}
