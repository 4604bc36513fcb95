/** Who did what, when, why, and what came of it: a stream for each site, to which the services only add. */
import { isObject } from "../contract/object.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Lines of a site that are kept; about 300 bytes each. */
const LINES_MAX = 1_000_000;

/** A line that is to be written once is remembered for longer than its job can come again. */
const ONCE_S = 8 * 86_400;

const streamKey = (site: string): string => `{site:${site}}:audit`;
const onceKey = (site: string, name: string): string => `{site:${site}}:said:${name}`;

const WRITE_ONCE = `
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[3]) then return false end
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'line', ARGV[1])`;

/** What stands in a line; reactions by index, so that the worker need not know their names. */
export type AuditLine = Readonly<Record<string, unknown>>;

/** Adds a line. */
export async function writeAudit(redis: RedisConnection, site: string, line: AuditLine): Promise<void> {
  await redis.xadd(streamKey(site), "MAXLEN", "~", LINES_MAX, "*", "line", JSON.stringify(line));
}

/** Adds a line unless a line was written under this name: for jobs that may run twice. */
export async function writeAuditOnce(
  redis: RedisConnection,
  site: string,
  name: string,
  line: AuditLine,
): Promise<void> {
  const keys = [streamKey(site), onceKey(site, name)];
  await redis.eval(WRITE_ONCE, 2, ...keys, JSON.stringify(line), String(LINES_MAX), String(ONCE_S));
}

/** Where to read: lines after an id, lines before an id, or (neither) the newest. */
export interface AuditPlace {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Lines in the order in which they were written, each with its id. */
export async function readAudit(
  redis: RedisConnection,
  site: string,
  { after, before, limit }: AuditPlace,
): Promise<readonly AuditLine[]> {
  const key = streamKey(site);
  const rows =
    after === undefined
      ? (await redis.xrevrange(key, before === undefined ? "+" : `(${before}`, "-", "COUNT", limit)).reverse()
      : await redis.xrange(key, `(${after}`, "+", "COUNT", limit);
  return rows.map(([id, fields]) => {
    const line: unknown = JSON.parse(fields[1] ?? "");
    return { ...(isObject(line) ? line : {}), id };
  });
}
