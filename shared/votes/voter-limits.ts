/**
 * How many new voters a network may make, over all processes: counted in Redis under the network's hash of the day. While
 * Redis does not answer each process counts for itself.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** A school behind one address, not a script. An IPv6 network is a /64. */
const NETWORK: QuotaPolicy = { name: "voters-of-network", quota: 600, window_s: 60 };

/** All /64 of an IPv6 /48 together: what one household or office is given. IPv4 /24 hold thousands of readers of a carrier. */
const NEIGHBOURHOOD: QuotaPolicy = { name: "voters-of-neighbourhood", quota: 3_000, window_s: 60 };

export class VoterLimits {
  readonly #network: RateLimiterRedis;
  readonly #neighbourhood: RateLimiterRedis;

  /** @param redis a connection that fails fast */
  constructor(redis: RedisConnection) {
    this.#network = limiter(redis, NETWORK);
    this.#neighbourhood = limiter(redis, NEIGHBOURHOOD);
  }

  /**
   * One more new voter.
   * @param network hash of the network; no address comes to Redis
   * @param neighbourhood hash of the /48 of an IPv6 address
   * @throws TooFast
   */
  async take(network: string, neighbourhood: string | undefined): Promise<void> {
    await consume(this.#network, network, NETWORK);
    if (neighbourhood !== undefined) await consume(this.#neighbourhood, neighbourhood, NEIGHBOURHOOD);
  }
}

function limiter(redis: RedisConnection, { name, quota, window_s }: QuotaPolicy): RateLimiterRedis {
  const limits = { points: quota, duration: window_s };
  return new RateLimiterRedis({
    ...limits,
    storeClient: redis,
    keyPrefix: name,
    // Once the quota is used up, Redis is not asked again until the window ends.
    inMemoryBlockOnConsumed: quota,
    insuranceLimiter: new RateLimiterMemory(limits),
  });
}

async function consume(limits: RateLimiterRedis, key: string, policy: QuotaPolicy): Promise<void> {
  try {
    await limits.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new TooFast("voters_too_fast", policy, error.msBeforeNext / 1_000);
  }
}
