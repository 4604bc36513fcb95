import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { makeRedisFolders } from "../../services/standalone/redis-folders.ts";
import { type RedisRun, runRedis } from "../../services/standalone/run-redis.ts";
import { findServer } from "./find-server.ts";
import type { TestRedis } from "./test-redis.ts";

const STARTS_MAX = 4;

/** A Redis whose files a test may damage. */
export interface RedisProcess extends TestRedis {
  /** Holds `redis/appendonlydir`. */
  readonly dataDir: string;
}

/**
 * A Redis as a child process, with the code that `npm start` runs, but nobody who restarts it.
 * @param dataDir goes with the Redis
 */
export async function startRedisProcess(
  dataDir = mkdtempSync(join(tmpdir(), "reader-reactions-redis-")),
): Promise<RedisProcess> {
  const source = await findServer();
  const folders = makeRedisFolders(dataDir);
  const start = async (port: number): Promise<RedisRun> => {
    const run = runRedis(source, folders, port);
    await run.ready;
    return run;
  };
  let { run, port } = await onFreePort(async (port) => ({ run: await start(port), port }));
  return {
    dataDir,
    url: `redis://127.0.0.1:${port}`,
    kill: () => run.kill(),
    restart: async () => {
      await run.end();
      for (let tries = 1; ; tries++) {
        try {
          run = await start(port);
          return;
        } catch (error) {
          // A machine that is busy enough, as fault tests make it, keeps even a Redis that runs from answering in time.
          if (tries === STARTS_MAX) throw error;
        }
      }
    },
    pause: async () => signal(run, "SIGSTOP"),
    resume: async () => signal(run, "SIGCONT"),
    stop: async () => {
      // Its data is thrown away: no need to ask it nicely.
      await run.kill();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function signal(run: RedisRun, name: "SIGSTOP" | "SIGCONT"): void {
  if (run.pid === undefined) throw new Error("this Redis does not run");
  process.kill(run.pid, name);
}
