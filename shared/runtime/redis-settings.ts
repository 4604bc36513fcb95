/** What Redis is set to, and what that makes of a 202. */
import type { RedisConnection } from "./redis-connections.ts";

/** Sharded pub/sub (SPUBLISH) came with this version. */
const MAJOR_VERSION_MIN = 7;

/** What an operator should know about their Redis before votes go into it. */
export interface RedisFindings {
  /** Sentences that name a danger; empty when all is well. */
  readonly warnings: readonly string[];
  /** What an accepted vote survives, as one sentence. */
  readonly durability: string;
}

/** A Redis that this service cannot work with. */
export class UnfitRedisError extends Error {
  override readonly name = "UnfitRedisError";
}

/**
 * Reads version and persistence settings. Managed Redis services often forbid CONFIG; then the findings say so.
 * @throws UnfitRedisError when Redis is too old
 */
export async function inspectRedis(redis: RedisConnection): Promise<RedisFindings> {
  const info = await redis.info("server");
  const version = /^(?:valkey_version|redis_version):(\S+)/m.exec(info)?.[1] ?? "unknown";
  if (Number.parseInt(version, 10) < MAJOR_VERSION_MIN) {
    throw new UnfitRedisError(`expected Redis ${MAJOR_VERSION_MIN} or newer, or Valkey, got ${version}`);
  }
  try {
    return judge({
      appendonly: await setting(redis, "appendonly"),
      appendfsync: await setting(redis, "appendfsync"),
      policy: await setting(redis, "maxmemory-policy"),
    });
  } catch (error) {
    return unread(error);
  }
}

/** What a Redis says that forbids CONFIG, by its ACL or by another name for it, or shows nothing. */
const FORBIDDEN = /^NOPERM|unknown (?:sub)?command|^no setting/i;

/** What is found when the settings could not be read. */
export function unread(error: unknown): RedisFindings {
  const reason = error instanceof Error ? error.message : String(error);
  const what = FORBIDDEN.test(reason) ? "CONFIG GET is forbidden" : `CONFIG GET failed (${reason})`;
  return {
    durability:
      "Redis does not show its settings, so nobody here can say whether an accepted vote is on disk.",
    warnings: [`${what}: make sure of appendonly yes and maxmemory-policy noeviction.`],
  };
}

interface PersistenceSettings {
  readonly appendonly: string;
  readonly appendfsync: string;
  readonly policy: string;
}

/** The pure part of `inspectRedis`. */
export function judge({ appendonly, appendfsync, policy }: PersistenceSettings): RedisFindings {
  const warnings: string[] = [];
  if (policy !== "noeviction") {
    warnings.push(
      `maxmemory-policy is ${policy}: a full Redis will silently throw votes away. Set it to noeviction.`,
    );
  }
  if (appendonly !== "yes") {
    warnings.push("appendonly is off: votes since the last snapshot are lost when Redis ends.");
    return { durability: "An accepted vote is in Redis's memory only.", warnings };
  }
  if (appendfsync === "always") return { durability: "An accepted vote is on disk.", warnings };
  warnings.push(
    `appendfsync is ${appendfsync}: a power cut can take accepted votes with it. Set it to always.`,
  );
  const lost =
    appendfsync === "everysec" ? "up to about one second of votes" : "votes that the system had not written";
  return { durability: `An accepted vote is on its way to disk; a power cut loses ${lost}.`, warnings };
}

async function setting(redis: RedisConnection, name: string): Promise<string> {
  const reply: unknown = await redis.config("GET", name);
  if (!Array.isArray(reply) || reply.length < 2) throw new Error(`no setting ${name}`);
  return String(reply[1]);
}
