import { io } from "socket.io-client";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { ReaderSocket } from "./reader-socket.ts";

/** A connected socket of the site `default`, until the lifecycle stops. */
export async function connectReader(
  url: string,
  lifecycle: Lifecycle,
  headers: Readonly<Record<string, string>> = {},
): Promise<ReaderSocket> {
  const socket: ReaderSocket = io(url, {
    transports: ["websocket"],
    auth: { site: "default" },
    forceNew: true,
    extraHeaders: headers,
  });
  lifecycle.onStop("socket", () => socket.disconnect());
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}
