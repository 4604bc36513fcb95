/** Lua scripts: read from files, called by their digest, sent whole only when Redis does not have them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ChainableCommander } from "ioredis";
import { inlineConstants } from "./inline-constants.ts";
import type { RedisConnection } from "./redis-connections.ts";
import { replicatedReply, WAIT_MS_MAX } from "./replicas.ts";

/** In front of every script. */
const GUARD = readFileSync(new URL("moving.lua", import.meta.url), "utf8");

export class Script {
  readonly #source: string;
  readonly #digest: string;

  /**
   * @param beside URL of the module whose folder the files lie in
   * @param file name of a Lua file; a line `-- include: other.lua` in it is replaced by that file
   */
  constructor(beside: string, file: string) {
    const read = (name: string): string => readFileSync(new URL(name, beside), "utf8");
    const whole = read(file).replace(/^-- include: (\S+)$/gm, (_, included: string) => read(included));
    this.#source = GUARD + inlineConstants(whole);
    this.#digest = createHash("sha1").update(this.#source).digest("hex");
  }

  /** Runs the script on one key, and those that share its slot. The reply is checked by whoever knows its shape. */
  run(redis: RedisConnection, key: string, ...args: readonly (string | Buffer)[]): Promise<unknown> {
    return unlessForgotten(
      () => redis.evalsha(this.#digest, 1, key, ...args),
      () => redis.eval(this.#source, 1, key, ...args),
    );
  }

  /** The same for a script whose reply holds bytes. */
  runBuffer(redis: RedisConnection, key: string, ...args: readonly (string | Buffer)[]): Promise<unknown> {
    return unlessForgotten(
      () => redis.callBuffer("evalsha", this.#digest, 1, key, ...args),
      () => redis.callBuffer("eval", this.#source, 1, key, ...args),
    );
  }

  /**
   * Runs the script; resolves once that many replicas have what it wrote.
   * @throws TooFewReplicasError: what it wrote is written, and may be lost with the master; run it again
   */
  runReplicated(
    redis: RedisConnection,
    replicas_min: number,
    key: string,
    ...args: readonly (string | Buffer)[]
  ): Promise<unknown> {
    if (replicas_min === 0) return this.run(redis, key, ...args);
    const wait = async (pipeline: ChainableCommander): Promise<unknown> =>
      replicatedReply(redis, await pipeline.wait(replicas_min, WAIT_MS_MAX).exec(), replicas_min);
    return unlessForgotten(
      () => wait(redis.pipeline().evalsha(this.#digest, 1, key, ...args)),
      () => wait(redis.pipeline().eval(this.#source, 1, key, ...args)),
    );
  }
}

/** Redis forgets scripts when it restarts. Running one again is safe: what a script does is done once. */
async function unlessForgotten(
  byDigest: () => Promise<unknown>,
  whole: () => Promise<unknown>,
): Promise<unknown> {
  try {
    return await byDigest();
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith("NOSCRIPT")) throw error;
    return await whole();
  }
}
