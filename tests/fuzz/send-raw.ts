import { connect } from "node:net";

/** Bytes that are no whole request are waited on by the service; there is no point in waiting with it. */
const QUIET_MS = 200;

/** Writes bytes to the port and ends; resolves to the first line of what came back, "" when nothing did. */
export function sendRaw(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.end(bytes);
      setTimeout(() => socket.destroy(), QUIET_MS);
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED") reject(error);
    });
    socket.on("close", () => resolve(text.split("\r\n")[0] ?? ""));
  });
}
