/**
 * Banned voters of a site, by handle (site-wide) or pseudonym (one page). The worker writes the list; every process that
 * takes votes keeps a copy, refreshed every second, and takes no vote while its copy is older than `BANS_AGE_MS_MAX`. So a
 * vote stamped later than a ban by more than that was checked against it; earlier ones are checked by the worker.
 */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { Sites } from "../runtime/sites.ts";

/** Oldest copy of the list that votes are taken with, ms. */
export const BANS_AGE_MS_MAX = 5_000;

const listKey = (site: string): string => `{site:${site}}:bans`;
const changesKey = (site: string): string => `{site:${site}}:bans-changes`;

/**
 * Of two orders about one voter the one stamped later holds. An entry is `stamp order`, or `stamp` once lifted.
 * KEYS: the list, its counter of changes. ARGV: voter, stamp, the order that bans ("": lifts), the only order to lift ("": any).
 */
const CHANGE_BAN = `
local entry = redis.call('HGET', KEYS[1], ARGV[1])
local at = entry and tonumber(string.match(entry, '^%d+')) or 0
local before = entry and string.match(entry, ' (.+)$') or ''
if tonumber(ARGV[2]) < at or ARGV[4] ~= '' and ARGV[4] ~= before then return { 0, '' } end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3] == '' and ARGV[2] or ARGV[2] .. ' ' .. ARGV[3])
redis.call('INCR', KEYS[2])
return { 1, before }`;

/** Removes lifted bans that nobody has set anew since they were read. KEYS: the list. ARGV: voter, entry, voter, entry, … */
const DROP_LIFTED = `
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) == ARGV[i + 1] then redis.call('HDEL', KEYS[1], ARGV[i]) end
end`;

/** Entries that are looked at, and removed, at a time. */
const ENTRIES_A_STEP = 500;

export interface BanChange {
  /** False when an order that was stamped later has been carried out already. */
  readonly holds: boolean;
  /** The order that had banned the voter before. */
  readonly before: string | undefined;
}

/**
 * Bans a voter. May be repeated.
 * @param voter handle or pseudonym
 * @param at the order's stamp, ms
 * @param order the id of the order that bans
 */
export function setBan(
  redis: RedisConnection,
  site: string,
  voter: string,
  at: number,
  order: string,
): Promise<BanChange> {
  return changeBan(redis, site, [voter, String(at), order, ""]);
}

/**
 * Lifts a voter's ban. May be repeated.
 * @param only lifts it only if this order gave it
 */
export function liftBan(
  redis: RedisConnection,
  site: string,
  voter: string,
  at: number,
  only = "",
): Promise<BanChange> {
  return changeBan(redis, site, [voter, String(at), "", only]);
}

async function changeBan(redis: RedisConnection, site: string, args: readonly string[]): Promise<BanChange> {
  const reply = await redis.eval(CHANGE_BAN, 2, listKey(site), changesKey(site), ...args);
  if (!Array.isArray(reply)) throw new Error("the list of bans answered out of shape");
  const before = String(reply[1]);
  return { holds: Number(reply[0]) === 1, before: before === "" ? undefined : before };
}

/**
 * Forgets the voters whose bans were lifted so long ago that no ban which was ordered before can be carried out any more.
 * @param until bans that were lifted until then, Unix ms
 */
export async function dropLiftedBans(redis: RedisConnection, site: string, until: number): Promise<void> {
  let cursor = "0";
  do {
    const [next, entries] = await redis.hscan(listKey(site), cursor, "COUNT", ENTRIES_A_STEP);
    const old: string[] = [];
    for (let i = 0; i + 1 < entries.length; i += 2) {
      const [voter = "", entry = ""] = entries.slice(i, i + 2);
      if (!isBan(entry) && Number(entry) <= until) old.push(voter, entry);
    }
    if (old.length > 0) await redis.eval(DROP_LIFTED, 1, listKey(site), ...old);
    cursor = next;
  } while (cursor !== "0");
}

/** Whether one of these names of a voter is banned at this moment. */
export async function isBanned(
  redis: RedisConnection,
  site: string,
  ...names: readonly string[]
): Promise<boolean> {
  const entries = await redis.hmget(listKey(site), ...names);
  return entries.some(isBan);
}

/** A lifted ban's entry has a stamp alone. */
function isBan(entry: string | null): boolean {
  return entry?.includes(" ") === true;
}

/** A process's copy of the lists of all its sites. */
export class Bans {
  readonly #redis: RedisConnection;
  readonly #sites: Sites;
  readonly #lists = new Map<
    string,
    { readonly changes: string | null; readonly voters: ReadonlySet<string> }
  >();
  #read_ms = Number.NEGATIVE_INFINITY;

  /** @param sites may change later */
  constructor(redis: RedisConnection, sites: Sites) {
    this.#redis = redis;
    this.#sites = sites;
  }

  /** Whether the copy is new enough to take votes with. */
  fresh(now_ms = performance.now()): boolean {
    return now_ms - this.#read_ms <= BANS_AGE_MS_MAX;
  }

  /** Whether one of these names of a voter is banned. */
  has(site: string, ...names: readonly string[]): boolean {
    const voters = this.#lists.get(site)?.voters;
    return voters !== undefined && voters.size > 0 && names.some((name) => voters.has(name));
  }

  /** Reads what changed; a list that did not change costs one small command. */
  async refresh(): Promise<void> {
    const begun_ms = performance.now();
    await Promise.all([...this.#sites.keys()].map((site) => this.#refresh(site)));
    this.#read_ms = begun_ms;
  }

  async #refresh(site: string): Promise<void> {
    // The counter first: a change in between is seen the next time.
    const changes = await this.#redis.get(changesKey(site));
    if (this.#lists.has(site) && this.#lists.get(site)?.changes === changes) return;
    const entries = await this.#redis.hgetall(listKey(site));
    const banned = Object.entries(entries).filter(([, entry]) => isBan(entry));
    this.#lists.set(site, { changes, voters: new Set(banned.map(([voter]) => voter)) });
  }
}
