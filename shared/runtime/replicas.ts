/**
 * Writes that count only once replicas have them. WAIT tells of the writes of its own connection, so it must travel on the
 * very connection that takes the write: it goes into the same pipeline, right behind it. ioredis sends a pipeline to one
 * node over one connection, on a Cluster too, and never splits it; when the page has moved, both are refused together.
 */
import { Cluster } from "ioredis";
import { refreshTopology } from "./cluster-watch.ts";
import { COMMAND_MS_MAX, type RedisConnection } from "./redis-connections.ts";

/** Longest that WAIT holds its connection: in time for the answer to be out before the command's own limit. */
export const WAIT_MS_MAX = COMMAND_MS_MAX - 700;

/** The write was made, but too few replicas say that they have it: it may be lost with the master. */
export class TooFewReplicasError extends Error {
  override readonly name = "TooFewReplicasError";
  /** What Redis said to the write. */
  readonly reply: unknown;

  constructor(message: string, reply?: unknown) {
    super(message);
    this.reply = reply;
  }
}

/** What a pipeline of a write and a WAIT resolves to. */
type Replies = readonly (readonly [error: Error | null, reply: unknown])[] | null;

/**
 * The reply to the write of a pipeline that ends with `WAIT replicas_min WAIT_MS_MAX`.
 * @throws TooFewReplicasError, or what Redis said to the write
 */
export function replicatedReply(redis: RedisConnection, replies: Replies, replicas_min: number): unknown {
  const [write, wait] = replies ?? [];
  if (write === undefined || wait === undefined) throw new Error("Redis answered a pipeline out of shape");
  const [error, reply] = write;
  if (error !== null) {
    // A pipeline of which one half succeeded is not sent to where the error points, and nobody would look there again.
    if (redis instanceof Cluster) refreshTopology(redis).catch(() => {});
    throw error;
  }
  const [waitError, acknowledged] = wait;
  if (waitError !== null) throw new TooFewReplicasError(waitError.message, reply);
  if (Number(acknowledged) < replicas_min) {
    throw new TooFewReplicasError(`${acknowledged} of ${replicas_min} replicas have the write`, reply);
  }
  return reply;
}
