/** A site's alerts: a stream that is trimmed, and a note of what was told lately, so that what goes on is told once. */
import { createHash } from "node:crypto";
import { type Alert, parseAlert } from "../contract/alerts.ts";
import { isObject } from "../contract/object.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Alerts of a site that are kept, about 400 bytes each. */
export const ALERTS_MAX = 1_000;

/** What was told is not told again within this. */
const QUIET_S = 3_600;

const streamKey = (site: string): string => `{site:${site}}:alerts`;

function quietKeyOf(site: string, name: string): string {
  return `{site:${site}}:told:${createHash("sha256").update(name).digest("base64url").slice(0, 22)}`;
}

/** Whether nothing was told under this name within the last hour; from now on something was. */
export async function firstInAnHour(redis: RedisConnection, site: string, name: string): Promise<boolean> {
  return (await redis.set(quietKeyOf(site, name), "1", "EX", QUIET_S, "NX")) === "OK";
}

const TELL_ONCE = `
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', ARGV[3]) then return false end
return redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[2], '*', 'alert', ARGV[1])`;

/** Adds an alert unless the same kind was told of the page within the last hour; resolves to its id, or to undefined. */
export async function tellOnce(
  redis: RedisConnection,
  site: string,
  alert: Omit<Alert, "id">,
): Promise<string | undefined> {
  const keys = [streamKey(site), quietKeyOf(site, `${alert.why.kind}\n${alert.page}`)];
  const id = await redis.eval(
    TELL_ONCE,
    2,
    ...keys,
    JSON.stringify(alert),
    String(ALERTS_MAX),
    String(QUIET_S),
  );
  return typeof id === "string" ? id : undefined;
}

/**
 * The newest alerts first.
 * @param before id of the alert to go on after; undefined for the newest
 */
export async function readAlerts(
  redis: RedisConnection,
  site: string,
  before: string | undefined,
  limit: number,
): Promise<readonly Alert[]> {
  const from = before === undefined ? "+" : `(${before}`;
  const rows = await redis.xrevrange(streamKey(site), from, "-", "COUNT", limit);
  return rows.flatMap(([id, fields]) => {
    const value: unknown = JSON.parse(fields[1] ?? "");
    const alert = isObject(value) ? parseAlert({ ...value, id }) : undefined;
    return alert === undefined ? [] : [alert];
  });
}
