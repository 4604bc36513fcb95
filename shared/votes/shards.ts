/** The queue is split into shards, each with a hash tag of its own, so that a Cluster can spread them over its masters. */
/** Name of the queue in every shard; a job is called the same. */
export const QUEUE_NAME = "votes";

/**
 * Numbers in the shards' hash tags, chosen so that the first n of them, for every n, fall evenly on the slots of a Cluster
 * of 2 to 8 masters: no master gets more than two shards more than another, and with three masters at most one. The order
 * is part of the data: a shard keeps its tag when shards are added.
 */
// biome-ignore format: a table
const TAGS = [
  290, 548, 20, 486, 264, 200, 752, 419, 17, 824, 173, 216, 577, 48, 475, 631, 345, 192, 964, 90, 905, 924,
  673, 871, 533, 241, 674, 810, 693, 371, 370, 579, 303, 891, 567, 258, 648, 775, 240, 357, 439, 101, 830, 233,
  504, 182, 585, 949, 728, 136, 754, 894, 63, 146, 226, 802, 454, 94, 729, 103, 305, 656, 919, 317,
];

/** Most shards there can be. */
export const SHARDS_MAX = TAGS.length;

/** BullMQ's key prefix for one shard, counted from 0. */
export function shardPrefix(shard: number): string {
  const tag = TAGS[shard];
  if (tag === undefined) throw new RangeError(`there are at most ${SHARDS_MAX} shards`);
  return `{votes-${tag}}`;
}

/**
 * The shard of a page: all votes of a page go through one shard, so that they share commits. FNV-1a over the two names,
 * cheap because every vote pays for it; an uneven spread would cost a little speed and nothing else.
 */
export function shardOf(site: string, page: string, shards: number): number {
  if (shards === 1) return 0;
  let hash = 0x811c9dc5;
  for (const name of [site, page]) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % shards;
}
