/** What only moderators may change, as it stands in Redis: settings, tokens, webhooks, registered pages and orders. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";

/** Of all sites together, and of each. */
const SHARED = ["tokens", "{sites}:records", "{sites}:changes"];
const OF_A_SITE = ["webhooks", "pages", "order", "urls", "orders"];

/** A digest of a key's content. Hashes are sorted: Redis itself moves their fields about, even while they are only read. */
const DIGEST = `
local key, parts = KEYS[1], {}
local kind = redis.call('TYPE', key).ok
if kind == 'hash' then
  local all = redis.call('HGETALL', key)
  for at = 1, #all, 2 do parts[#parts + 1] = all[at] .. '\\0' .. all[at + 1] end
  table.sort(parts)
elseif kind == 'zset' then
  parts = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
elseif kind == 'string' then
  parts = { redis.call('GET', key) }
elseif kind ~= 'none' then
  error('a key of another kind: ' .. key)
end
return redis.sha1hex(kind .. '\\n' .. table.concat(parts, '\\n'))`;

/** Key → a digest of its content. */
export type ModeratorsState = ReadonlyMap<string, string>;

/** @param sites those from the file; the others are found */
export async function readModeratorsState(
  redis: RedisConnection,
  sites: readonly string[],
): Promise<ModeratorsState> {
  const all = new Set([...sites, ...(await redis.hkeys("{sites}:records"))]);
  const keys = [...SHARED, ...[...all].flatMap((site) => OF_A_SITE.map((name) => `{site:${site}}:${name}`))];
  const digests = await Promise.all(keys.map((key) => redis.eval(DIGEST, 1, key)));
  return new Map(keys.map((key, index) => [key, String(digests[index])]));
}

/** Names of what is not as it was. */
export function changesIn(before: ModeratorsState, after: ModeratorsState): readonly string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}
