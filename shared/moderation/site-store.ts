/**
 * Sites that were put through the API, in Redis. One that is removed leaves its settings behind: its votes are still there, and
 * hold places in its list of reactions, so a site of the same id may later only append to that list.
 */
import { isObject } from "../contract/object.ts";
import { Refusal } from "../contract/problems.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { OPEN_SITE, parseSite, reorderings, type Site, withKnownSecrets } from "../runtime/site-settings.ts";
import { keepReactions } from "./kept-reactions.ts";

/** Hash of site id → record as JSON, and the number of its changes, by which processes see that there is news. */
const RECORDS_KEY = "{sites}:records";
const CHANGES_KEY = "{sites}:changes";

/** Past it none is added: every process holds them all. */
const SITES_MAX = 1_000;

/** Writes a record unless it is not what it was. KEYS: records, changes. ARGV: site, the record before ("": none), after. */
const REPLACE = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('INCR', KEYS[2])
return 1`;

interface SiteRecord {
  readonly site: Site;
  readonly removed: boolean;
}

/** All records at one moment. */
export interface StoredSites {
  /** Differs after every change. */
  readonly changes: string;
  /** Those that are served. */
  readonly sites: readonly Site[];
  /** Whether a site was ever put, removed ones included. */
  readonly begun: boolean;
  /** Ids of records that this version cannot read. */
  readonly unread: readonly string[];
}

/**
 * The stored sites; undefined when nothing changed since `changes`, which costs one small command.
 * @throws what Redis said
 */
export async function readSites(
  redis: RedisConnection,
  changes: string | undefined,
): Promise<StoredSites | undefined> {
  // The counter first: a change in between is seen the next time.
  const now = (await redis.get(CHANGES_KEY)) ?? "0";
  if (now === changes) return undefined;
  const entries = Object.entries(await redis.hgetall(RECORDS_KEY));
  const records = entries.map(([id, text]) => ({ id, record: parseRecord(text) }));
  return {
    changes: now,
    sites: records.flatMap(({ record }) => (record === undefined || record.removed ? [] : [record.site])),
    begun: entries.length > 0,
    unread: records.flatMap(({ id, record }) => (record === undefined ? [id] : [])),
  };
}

/**
 * Puts a site: from now on it is served, as these settings say. Secrets that they leave out stay as they are.
 * @param settings unchecked
 * @returns the site, and whether there was none
 * @throws Refusal `site_invalid` with every fault, `sites_full`; or what Redis said
 */
export async function putSite(
  redis: RedisConnection,
  id: string,
  settings: unknown,
): Promise<{ readonly site: Site; readonly made: boolean }> {
  for (;;) {
    const text = await redis.hget(RECORDS_KEY, id);
    const before = text === null ? undefined : recordIn(text);
    if (text === null && (await redis.hlen(RECORDS_KEY)) >= SITES_MAX) throw new Refusal("sites_full");
    const site = siteIn(id, settings, before?.site);
    // It may have been one of the file's.
    const faults = await keepReactions(redis, [site]);
    if (faults.length > 0) throw new Refusal("site_invalid", faults.join("; "));
    if (await replace(redis, id, text, { site, removed: false }))
      return { site, made: before === undefined || before.removed };
  }
}

/**
 * Removes a site: it is served no more. Everything that is kept of it stays.
 * @throws Refusal `site_unknown`; or what Redis said
 */
export async function removeSite(redis: RedisConnection, id: string): Promise<void> {
  for (;;) {
    const text = await redis.hget(RECORDS_KEY, id);
    const before = text === null ? undefined : recordIn(text);
    if (before === undefined || before.removed) throw new Refusal("site_unknown");
    if (await replace(redis, id, text, { ...before, removed: true })) return;
  }
}

/** @throws Refusal `site_invalid` */
function siteIn(id: string, settings: unknown, before: Site | undefined): Site {
  if (!isObject(settings)) throw new Refusal("site_invalid", "expected an object at the top");
  const site = parseSite(withKnownSecrets({ id, ...settings }, before));
  if ("faults" in site) throw new Refusal("site_invalid", site.faults.join("; "));
  if (site.id !== id) throw new Refusal("site_invalid", `expected ${id}, as in the address, at id`);
  // The open site has taken votes, perhaps.
  const faults = reorderings(before ?? (id === OPEN_SITE.id ? OPEN_SITE : undefined), site);
  if (faults.length > 0) throw new Refusal("site_invalid", faults.join("; "));
  return site;
}

async function replace(
  redis: RedisConnection,
  id: string,
  before: string | null,
  after: SiteRecord,
): Promise<boolean> {
  const args = [id, before ?? "", JSON.stringify(after)];
  return (await redis.eval(REPLACE, 2, RECORDS_KEY, CHANGES_KEY, ...args)) === 1;
}

/** What a newer version wrote is not overwritten blindly. */
function recordIn(text: string): SiteRecord {
  const record = parseRecord(text);
  if (record === undefined) throw new Error("a site is stored in a form that this version does not know");
  return record;
}

function parseRecord(text: string): SiteRecord | undefined {
  const value: unknown = JSON.parse(text);
  if (!isObject(value) || typeof value.removed !== "boolean") return undefined;
  const site = parseSite(value.site);
  return "faults" in site ? undefined : { site, removed: value.removed };
}
