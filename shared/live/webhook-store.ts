/** A site's webhooks with their secrets, old and new, since when each fails, and the log of deliveries. */
import { randomBytes } from "node:crypto";
import { isObject } from "../contract/object.ts";
import { Refusal } from "../contract/problems.ts";
import { listOf } from "../contract/sources.ts";
import {
  type Delivery,
  parseDelivery,
  parseWebhook,
  type SavedWebhook,
  SECRET_LEAVES_MS,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookRequest,
} from "../contract/webhooks.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Lines of a site's log that are kept, about 250 bytes each. */
const LOG_MAX = 1_000;

const hooksKey = (site: string): string => `{site:${site}}:webhooks`;
const failingKey = (site: string): string => `{site:${site}}:webhooks-failing`;
const logKey = (site: string): string => `{site:${site}}:deliveries`;

/** Writes a webhook unless it is not what it was. ARGV: name, the row before ("": none), after. */
const REPLACE = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** Secrets that were replaced and still sign; of more than that the oldest end early. */
const LEAVING_MAX = 4;

/** A secret that was replaced. */
interface LeavingSecret {
  readonly secret: string;
  /** It signs before this, Unix ms. */
  readonly until: number;
}

/** A webhook as it is kept: with its secret, and those before it that still sign. */
export type StoredWebhook = SavedWebhook & {
  readonly secret: string;
  /** Newest first. */
  readonly leaving: readonly LeavingSecret[];
};

/** A webhook as it is told. */
export function withoutSecrets({ secret: _, leaving: __, ...webhook }: StoredWebhook): Webhook {
  return webhook;
}

/** The secrets that sign what is sent now, the newest first. */
export function signingSecrets({ secret, leaving }: StoredWebhook, now_ms: number): readonly string[] {
  return [secret, ...leaving.filter(({ until }) => until > now_ms).map((one) => one.secret)];
}

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
  for (;;) {
    const row = await redis.hget(hooksKey(site), name);
    const before = row === null ? undefined : toStored(row);
    if (before === undefined && (await redis.hlen(hooksKey(site))) >= WEBHOOKS_MAX)
      throw new Refusal("webhooks_full");
    const secret = before?.secret ?? newSecret();
    const saved = { ...request, name, at: now_ms };
    const after = { ...saved, secret, leaving: stillLeaving(before, now_ms) };
    if (!(await replace(redis, site, name, row, after))) continue;
    await redis.hdel(failingKey(site), name);
    return before === undefined ? { ...saved, secret } : saved;
  }
}

/**
 * Gives a webhook a new secret. The one before signs beside it for `SECRET_LEAVES_MS`; one that was parked sends again.
 * @returns with the new secret
 * @throws Refusal `webhook_unknown`
 */
export async function replaceSecret(
  redis: RedisConnection,
  site: string,
  name: string,
  now_ms: number,
): Promise<SavedWebhook> {
  for (;;) {
    const row = await redis.hget(hooksKey(site), name);
    const before = row === null ? undefined : toStored(row);
    if (before === undefined) throw new Refusal("webhook_unknown");
    const { parkedAt: _, ...webhook } = withoutSecrets(before);
    const saved = { ...webhook, at: now_ms, secret: newSecret() };
    const old = { secret: before.secret, until: now_ms + SECRET_LEAVES_MS };
    const leaving = [old, ...stillLeaving(before, now_ms)].slice(0, LEAVING_MAX);
    if (!(await replace(redis, site, name, row, { ...saved, leaving }))) continue;
    await redis.hdel(failingKey(site), name);
    return saved;
  }
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
  const row = await redis.hget(hooksKey(site), name);
  const current = row === null ? undefined : toStored(row);
  if (current?.at !== at) return;
  await replace(redis, site, name, row, { ...current, parkedAt: now_ms });
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

function newSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}

function stillLeaving(webhook: StoredWebhook | undefined, now_ms: number): readonly LeavingSecret[] {
  return (webhook?.leaving ?? []).filter(({ until }) => until > now_ms);
}

/** Resolves to whether it was still what it was: two that change it at once must not lose one another's secret. */
async function replace(
  redis: RedisConnection,
  site: string,
  name: string,
  before: string | null,
  after: StoredWebhook,
): Promise<boolean> {
  const args = [name, before ?? "", JSON.stringify(after)];
  return (await redis.eval(REPLACE, 1, hooksKey(site), ...args)) === 1;
}

function toStored(row: string): StoredWebhook | undefined {
  const value: unknown = JSON.parse(row);
  const webhook = parseWebhook(value);
  if (webhook?.secret === undefined || !isObject(value)) return undefined;
  // One that was stored by an earlier version has none.
  return { ...webhook, secret: webhook.secret, leaving: listOf(value.leaving ?? [], toLeaving) ?? [] };
}

function toLeaving(value: unknown): LeavingSecret | undefined {
  if (!isObject(value) || typeof value.secret !== "string" || typeof value.until !== "number")
    return undefined;
  return { secret: value.secret, until: value.until };
}
