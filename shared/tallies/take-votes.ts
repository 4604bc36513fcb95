/** The typed call of take.lua: takes votes out of one page, in steps. */
import { MAX_REACTIONS } from "../contract/reactions.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { addToSite } from "./add-to-site.ts";
import { toMinuteChanges } from "./minute-change.ts";
import { pageKeys } from "./page-keys.ts";
import { VOTER_BYTES } from "./record.ts";

/** Which votes; all conditions must hold. */
export interface VoteFilter {
  /** Stamps, ms, both inclusive. */
  readonly since: number;
  readonly until: number;
  /** Index in the site's reactions; undefined: any. */
  readonly reaction?: number | undefined;
  /** 24 bits; undefined: any. */
  readonly source?: number | undefined;
  /** Pseudonyms on this page; undefined: everybody. */
  readonly voters?: readonly string[] | undefined;
}

export interface Taking {
  /** The order's id. */
  readonly order: string;
  /**
   * `dry` counts only. `take` leaves the record, marked, so that older votes of the voter stay away. `drop` takes the whole
   * record, and without a reaction or a source among the conditions also those that hold no vote. `release` lets go what is
   * held.
   */
  readonly mode: "dry" | "take" | "drop" | "release";
  /** Only votes that are held; otherwise held ones go with the others, and are not among the votes that a step reports. */
  readonly onlyHeld?: boolean | undefined;
  readonly filter: VoteFilter;
  /** Until when what is taken can be restored, Unix ms; 0: never. */
  readonly keptUntil: number;
}

/** Where a walk over a page's records stands; plain numbers, so that a job can keep it. */
export interface WalkPlace {
  /** Buckets when the walk began. */
  readonly first: number;
  /** Original bucket to go on with; 0: the walk is over. */
  readonly next: number;
}

export interface TakeStep {
  readonly place: WalkPlace;
  /** Votes taken (or counted) in this step, by index of the reaction. */
  readonly taken: readonly number[];
}

const TAKE = new Script(import.meta.url, "take.lua");

/** Buckets of a step: about 670 records, so about a millisecond in which Redis serves nobody else. */
const BUCKETS_A_STEP = 14;

/** Most voters a step looks at. */
export const VOTERS_A_STEP_MAX = 200;

/**
 * One step. Begin without a place; go on with the last step's until `next` is 0. Steps may be repeated.
 * @throws RangeError when the filter names more than `VOTERS_A_STEP_MAX` voters
 */
export async function takeVotes(
  redis: RedisConnection,
  site: string,
  page: string,
  { order, mode, onlyHeld, filter, keptUntil }: Taking,
  place: WalkPlace = { first: 0, next: 0 },
): Promise<TakeStep> {
  const { since, until, reaction = -1, source = -1, voters } = filter;
  if (voters !== undefined && voters.length > VOTERS_A_STEP_MAX) throw new RangeError("too many voters");
  if (voters?.length === 0) return { place: { first: 1, next: 0 }, taken: [] };
  const reply = await TAKE.run(
    redis,
    pageKeys(site, page).hash,
    order,
    mode,
    String(since),
    String(until),
    String(reaction),
    String(source),
    String(keptUntil),
    packed(voters ?? []),
    String(place.first),
    String(place.next),
    String(BUCKETS_A_STEP),
    onlyHeld === true ? "held" : "",
  );
  if (!Array.isArray(reply) || reply.length < 3 + MAX_REACTIONS)
    throw new Error("take.lua answered out of shape");
  const [first = 1, next = 0, , ...rest] = reply.map(Number);
  await addToSite(redis, site, toMinuteChanges(rest.slice(MAX_REACTIONS)));
  return { place: { first, next }, taken: rest.slice(0, MAX_REACTIONS) };
}

/** Which part of a walk is done, 0 to 1. */
export function walked({ first, next }: WalkPlace): number {
  return next === 0 ? 1 : (next - first) / first;
}

/** What an order took from a page so far, and the page's totals before its first vote went; undefined when it took none. */
export async function readTaken(
  redis: RedisConnection,
  site: string,
  page: string,
  order: string,
): Promise<{ readonly taken: readonly number[]; readonly before: readonly number[] } | undefined> {
  const fields = Array.from({ length: MAX_REACTIONS }, (_, index) => index);
  const values = await redis.hmget(
    pageKeys(site, page).memory(order),
    ...fields.map((index) => `taken${index}`),
    ...fields.map((index) => `before${index}`),
  );
  if (values[MAX_REACTIONS] === null) return undefined;
  const numbers = values.map(Number);
  return { taken: numbers.slice(0, MAX_REACTIONS), before: numbers.slice(MAX_REACTIONS) };
}

function packed(voters: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(voters.length * VOTER_BYTES);
  for (const [index, voter] of voters.entries()) bytes.write(voter, index * VOTER_BYTES, VOTER_BYTES, "hex");
  return bytes;
}
