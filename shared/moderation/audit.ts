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

const RESTORE = `
local added = 0
for i = 1, #ARGV, 2 do
  local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
  local ms, seq = string.match(ARGV[i], '^(%d+)-(%d+)$')
  local last_ms, last_seq = string.match(last and last[1] or '0-0', '^(%d+)-(%d+)$')
  ms, seq, last_ms, last_seq = tonumber(ms), tonumber(seq), tonumber(last_ms), tonumber(last_seq)
  if ms > last_ms or ms == last_ms and seq > last_seq then
    redis.call('XADD', KEYS[1], ARGV[i], 'line', ARGV[i + 1])
    added = added + 1
  end
end
return added`;

/**
 * Adds lines of an export under the ids that they had. The audit only grows at its end, so lines that are not newer than
 * its last are passed over: those that are there already, and those of another history.
 * @param lines as `readAudit` gives them, in order, a hundred at most; ids without the shape of one are passed over
 */
export async function restoreAudit(
  redis: RedisConnection,
  site: string,
  lines: readonly AuditLine[],
): Promise<void> {
  const args = lines.flatMap(({ id, ...line }) =>
    typeof id === "string" && /^\d{1,15}-\d{1,15}$/.test(id) ? [id, JSON.stringify(line)] : [],
  );
  if (args.length > 0) await redis.eval(RESTORE, 1, streamKey(site), ...args);
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
