/**
 * When our process was killed, its Redis lives on. A second one on the same append-only file would destroy it, so the one
 * left behind is ended first. Ended rather than adopted: only a child's death is told to us at once.
 */
import { setTimeout as pause } from "node:timers/promises";
import { askRedis, dataFolderAt, pidAt } from "./ask-redis.ts";
import { identityOf, isSameProcess } from "./process-identity.ts";
import type { RedisFolders } from "./redis-folders.ts";
import { type RedisRecord, readRecord, removeRecord } from "./redis-record.ts";
import { runCommand } from "./run-command.ts";
import { removeContainer } from "./run-redis.ts";

/** Longest that it may take over a proper end, and then over a forced one. Force costs no vote: each is synced. */
const END_MS_MAX = 2_000;
const END_CONTAINER_MS_MAX = 10_000;
const PAUSE_MS = 10;

/** A process, by number and identity. */
interface KnownProcess {
  readonly pid: number;
  readonly identity: string;
}

/**
 * Ends the Redis that an earlier run left on this data folder, if there is one.
 * @returns the pid of what was ended; undefined when there was nothing to end
 * @throws Error when it cannot be ended
 */
export async function endOrphan(folders: RedisFolders): Promise<number | undefined> {
  const record = readRecord(folders.recordFile);
  if (record === undefined) return undefined;
  if (record.container !== undefined) await endContainer(record.container);
  const orphan = await findOrphan(record, folders.data);
  if (orphan !== undefined) await end(orphan, record.port, folders.data);
  removeRecord(folders.recordFile);
  return orphan?.pid;
}

/** Whoever has the noted identity, or answers at the noted port for our folder. Nobody else is ours to end. */
async function findOrphan(record: RedisRecord, data: string): Promise<KnownProcess | undefined> {
  if (isSameProcess(record.pid, record.identity)) return record;
  if ((await dataFolderAt(record.port)) !== data) return undefined;
  const pid = await pidAt(record.port);
  const identity = pid === undefined ? undefined : identityOf(pid);
  if (pid === undefined || identity === undefined) {
    throw new Error(
      `A Redis at port ${record.port} uses the folder ${data}, and its process is not to be seen`,
    );
  }
  return { pid, identity };
}

async function end(orphan: KnownProcess, port: number, data: string): Promise<void> {
  try {
    // Its answer to success is to hang up.
    if ((await dataFolderAt(port)) === data) await askRedis(port, (redis) => redis.shutdown("NOSAVE"));
    else process.kill(orphan.pid, "SIGTERM");
  } catch {
    // Whether it goes is seen below.
  }
  if (await isGone(orphan, END_MS_MAX)) return;
  process.kill(orphan.pid, "SIGKILL");
  if (await isGone(orphan, END_MS_MAX)) return;
  throw new Error(`The Redis that an earlier run left on ${data} (process ${orphan.pid}) cannot be ended`);
}

async function isGone({ pid, identity }: KnownProcess, ms_max: number): Promise<boolean> {
  const began_ms = performance.now();
  while (isSameProcess(pid, identity)) {
    if (performance.now() - began_ms > ms_max) return false;
    await pause(PAUSE_MS);
  }
  return true;
}

async function endContainer(name: string): Promise<void> {
  await runCommand("docker", ["stop", "--time", "2", name], { ms_max: END_CONTAINER_MS_MAX });
  await removeContainer(name);
}
