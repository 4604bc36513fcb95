/** A site's webhooks with their secrets, since when each fails, and the log of deliveries. */
import { randomBytes } from "node:crypto";
import { isObject } from "../contract/object.ts";
import { Refusal } from "../contract/problems.ts";
import {
  type Delivery,
  parseDelivery,
  parseWebhook,
  type SavedWebhook,
  WEBHOOKS_MAX,
  type WebhookRequest,
} from "../contract/webhooks.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Lines of a site's log that are kept, about 250 bytes each. */
const LOG_MAX = 1_000;

const hooksKey = (site: string): string => `{site:${site}}:webhooks`;
const failingKey = (site: string): string => `{site:${site}}:webhooks-failing`;
const logKey = (site: string): string => `{site:${site}}:deliveries`;

/** A webhook as it is kept: with its secret. */
export type StoredWebhook = SavedWebhook & { readonly secret: string };

/** All of a site, by name. */
export async function storedWebhooks(
  redis: RedisConnection,
  site: string,
): Promise<readonly StoredWebhook[]> {
  const rows = await redis.hvals(hooksKey(site));
  return rows
    .map((row) => toStored(row))
    .filter((webhook) => webhook !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** One of them; undefined when there is none of this name. */
export async function storedWebhook(
  redis: RedisConnection,
  site: string,
  name: string,
): Promise<StoredWebhook | undefined> {
  const row = await redis.hget(hooksKey(site), name);
  return row === null ? undefined : toStored(row);
}

/**
 * Makes a webhook, or changes it: then it keeps its secret, and one that was parked sends again.
 * @returns with the secret when it is new
 * @throws Refusal `webhooks_full`
 */
export async function saveWebhook(
  redis: RedisConnection,
  site: string,
  name: string,
  request: WebhookRequest,
  now_ms: number,
): Promise<SavedWebhook> {
  const before = await storedWebhook(redis, site, name);
  if (before === undefined && (await redis.hlen(hooksKey(site))) >= WEBHOOKS_MAX)
    throw new Refusal("webhooks_full");
  const secret = before?.secret ?? `whsec_${randomBytes(24).toString("base64")}`;
  const saved = { ...request, name, at: now_ms };
  await redis.hdel(failingKey(site), name);
  await redis.hset(hooksKey(site), name, JSON.stringify({ ...saved, secret }));
  return before === undefined ? { ...saved, secret } : saved;
}

/** @throws Refusal `webhook_unknown` */
export async function removeWebhook(redis: RedisConnection, site: string, name: string): Promise<void> {
  if ((await redis.hdel(hooksKey(site), name)) === 0) throw new Refusal("webhook_unknown");
  await redis.hdel(failingKey(site), name);
}

/** A delivery went well: what failed before is forgotten. */
export async function noteDelivered(redis: RedisConnection, site: string, name: string): Promise<void> {
  await redis.hdel(failingKey(site), name);
}

/** A delivery failed; resolves to since when all have, Unix ms. */
export async function noteFailed(
  redis: RedisConnection,
  site: string,
  name: string,
  now_ms: number,
): Promise<number> {
  await redis.hsetnx(failingKey(site), name, String(now_ms));
  return Number((await redis.hget(failingKey(site), name)) ?? now_ms);
}

/** Sends nothing to this webhook until it is saved anew. One that was changed meanwhile goes on. */
export async function parkWebhook(
  redis: RedisConnection,
  site: string,
  { name, at }: Pick<StoredWebhook, "name" | "at">,
  now_ms: number,
): Promise<void> {
  const current = await storedWebhook(redis, site, name);
  if (current?.at !== at) return;
  await redis.hset(hooksKey(site), name, JSON.stringify({ ...current, parkedAt: now_ms }));
}

/** Adds a line to the log. */
export async function logDelivery(
  redis: RedisConnection,
  site: string,
  line: Omit<Delivery, "id">,
): Promise<void> {
  await redis.xadd(logKey(site), "MAXLEN", LOG_MAX, "*", "line", JSON.stringify(line));
}

/** The newest lines first. */
export async function readDeliveries(
  redis: RedisConnection,
  site: string,
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await redis.xrevrange(logKey(site), "+", "-", "COUNT", limit);
  return rows.flatMap(([id, fields]) => {
    const value: unknown = JSON.parse(fields[1] ?? "");
    const delivery = isObject(value) ? parseDelivery({ ...value, id }) : undefined;
    return delivery === undefined ? [] : [delivery];
  });
}

function toStored(row: string): StoredWebhook | undefined {
  const webhook = parseWebhook(JSON.parse(row));
  return webhook?.secret === undefined ? undefined : { ...webhook, secret: webhook.secret };
}
