/**
 * How many sockets watch which page, over all realtime processes: each tells of its own every few seconds, in a hash that
 * expires, so that one that died is forgotten.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** A process that has not told of itself for so long is not counted. */
export const VIEWERS_KEPT_MS = 15_000;

/** Pages that a process tells of, the most watched ones. */
const PAGES_MAX = 1_000;

const processesKey = (site: string): string => `{site:${site}}:watching`;
const viewersKey = (site: string, process: string): string => `{site:${site}}:watching:${process}`;

/** No page has this id: the sockets of the whole site. */
const ALL = "";

/** What one process knows of a site. */
export interface ViewersHere {
  /** Open sockets. */
  readonly sockets: number;
  readonly pages: ReadonlyMap<string, number>;
}

/**
 * Tells of the viewers of one process. Its name is one that no other process has.
 * @param now_ms Redis time
 */
export async function tellViewers(
  redis: RedisConnection,
  site: string,
  process: string,
  { sockets, pages }: ViewersHere,
  now_ms: number,
): Promise<void> {
  const key = viewersKey(site, process);
  const most = [...pages].sort(([, a], [, b]) => b - a).slice(0, PAGES_MAX);
  const fields = most.flatMap(([page, count]) => [page, String(count)]);
  await redis
    .multi()
    .del(key)
    .hset(key, ALL, String(sockets), ...fields)
    .pexpire(key, VIEWERS_KEPT_MS)
    .zadd(processesKey(site), now_ms, process)
    .zremrangebyscore(processesKey(site), 0, now_ms - VIEWERS_KEPT_MS)
    .pexpire(processesKey(site), VIEWERS_KEPT_MS)
    .exec();
}

/** Sums over all processes. */
export async function readViewers(
  redis: RedisConnection,
  site: string,
  pages: readonly string[],
  now_ms: number,
): Promise<{ readonly sockets: number; readonly pages: readonly number[] }> {
  const processes = await redis.zrangebyscore(processesKey(site), now_ms - VIEWERS_KEPT_MS, "+inf");
  const sums = [ALL, ...pages].map(() => 0);
  await Promise.all(
    processes.map(async (process) => {
      const counts = await redis.hmget(viewersKey(site, process), ALL, ...pages);
      for (const [index, count] of counts.entries()) sums[index] = (sums[index] ?? 0) + Number(count ?? 0);
    }),
  );
  const [sockets = 0, ...ofPages] = sums;
  return { sockets, pages: ofPages };
}
