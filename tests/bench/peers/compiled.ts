/** What people would write themselves, as they would run it: compiled, beside its packages. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { Redis } from "ioredis";
import { startRedisProcess } from "../../support/redis-process.ts";
import { beginSaying } from "../begin.ts";
import { redisPid } from "../scale/measure.ts";
import type { Starting } from "./start-up.ts";
import { OTHER_CORE, readCounts, SERVER_CORE } from "./ways.ts";

const BASELINES = fileURLToPath(new URL("../baselines/", import.meta.url));

/**
 * One of them with its start timed.
 * @param folder where its packages are
 * @param files of `baselines/`: the server, then its worker if it has one; they start together
 */
export function compiled(name: string, folder: string, ...files: readonly string[]): Starting {
  buildSync({
    entryPoints: files.map((file) => join(BASELINES, file)),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
  });
  return {
    name,
    begin: async () => {
      const redis = await startRedisProcess();
      const client = new Redis(redis.url);
      const pid = await redisPid(client);
      client.disconnect();
      const env = { REDIS_URL: redis.url, ...(files.length > 1 ? { ADAPTER: folder } : {}) };
      const began_ms = performance.now();
      const begun = await Promise.all(
        files.map((file, n) =>
          beginSaying([join(folder, file.replace(/ts$/, "mjs"))], n === 0 ? SERVER_CORE : OTHER_CORE, env),
        ),
      );
      await readCounts(`${begun[0]?.said}/v1/sites/default/counts?page=none`);
      return {
        ready_ms: performance.now() - began_ms,
        pids: [pid, ...begun.map(({ pid }) => pid)],
        end: async () => {
          for (const { end } of begun) await end();
          await redis.stop();
        },
      };
    },
  };
}
