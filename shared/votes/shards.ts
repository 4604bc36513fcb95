/** The queue is split into shards, each with a hash tag of its own, so that a Cluster can spread them over its masters. */
/** Name of the queue in every shard; a job is called the same. */
export const QUEUE_NAME = "votes";

/** BullMQ's key prefix for one shard. */
export function shardPrefix(shard: number): string {
  return `{votes-${shard}}`;
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
