/** This service as most will run it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginServer, SERVICE } from "../begin.ts";
import { ours, SERVER_CORE, type Way } from "./ways.ts";

/** `npm start`: all services in one process, with a Redis that it starts itself. */
export const npmStart: Way = {
  ...ours,
  begin: async () => {
    const folder = mkdtempSync(join(tmpdir(), "reader-reactions-start-"));
    const env = { ...SERVICE, DATA_DIR: folder };
    const server = await beginServer(["dist/services/standalone/main.js"], SERVER_CORE, env, "/readyz");
    return {
      address: server.said,
      viewersAt: server.said,
      sender: server.pid,
      ready_ms: server.ready_ms,
      pids: [server.pid],
      readPath: () => "/readyz",
      press: () => ({ path: "/", body: {} }),
      total: async () => 0,
      settled: async () => {},
      end: async () => {
        await server.end();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
