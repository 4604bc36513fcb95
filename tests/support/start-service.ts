/** The whole service in this process, on a free port, as a test's subject. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { io } from "socket.io-client";
import { startAll } from "../../services/standalone/start-all.ts";
import { readConfig } from "../../shared/runtime/config.ts";
import { beginToListen } from "../../shared/runtime/http-server.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import type { ReaderSocket } from "./reader-socket.ts";
import { redisEnv } from "./redis-place.ts";

/** Two sites: what a token of one is worth on the other can be tested. */
const SITES = [
  { id: "default", name: "Default" },
  { id: "other", name: "Other", reactions: ["yes", "no"] },
];

export interface TestService {
  /** As in `http://127.0.0.1:40123`. */
  readonly url: string;
  /** A connected socket; ended with the service. */
  socket(site?: string): Promise<ReaderSocket>;
  stop(): Promise<void>;
}

/**
 * @param redisUrl a URL, or a Cluster's place: see redis-place
 * @param env settings that differ from a test's usual ones
 */
export async function startService(
  redisUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<TestService> {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
  const sitesFile = join(folder, "sites.json");
  writeFileSync(sitesFile, JSON.stringify(SITES));
  const lifecycle = new Lifecycle();
  lifecycle.onStop("folder", () => rmSync(folder, { recursive: true, force: true }));
  const config = readConfig({
    PORT: "0",
    ...redisEnv(redisUrl),
    DATA_DIR: folder,
    SITES_FILE: sitesFile,
    SECRET: "a secret that only tests know",
    LOG_LEVEL: "silent",
    LIMITS: "off",
    ...env,
  });
  const service = await startAll(config, lifecycle, () => {}, openLog("test", config.logLevel));
  const url = await beginToListen(service.server, config.host, config.port);
  await service.registerDemo(url);
  return {
    url,
    socket: async (site = "default") => {
      const socket: ReaderSocket = io(url, { transports: ["websocket"], auth: { site }, forceNew: true });
      lifecycle.onStop("socket", () => socket.disconnect());
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
      });
      return socket;
    },
    stop: () => lifecycle.stop(),
  };
}
