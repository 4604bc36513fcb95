/**
 * How many new voters a network may make, over all processes: counted in Redis under the network's hash of the day. While
 * Redis refuses, or is silent, each process counts for itself.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { type QuotaPolicy, TooFast } from "../contract/problems.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { type Site, USUAL_LIMITS } from "../runtime/site-settings.ts";
import { before } from "../runtime/within.ts";

/**
 * All /64 of an IPv6 /48 together, which one household or office is given, may make new voters as so many of them: fewer than they may
 * do of what leaves nothing behind (`NETWORKS_A_NEIGHBOURHOOD`). IPv4 /24 hold thousands of readers of a carrier.
 */
const NEW_VOTERS_TIMES = 5;

const WINDOW_S = 60;

/** Sites whose limits are not the usual ones are counted apart. */
type LimitedSite = Pick<Site, "id" | "limits">;

interface Limiter {
  readonly policy: QuotaPolicy;
  /** Over all processes. */
  readonly shared: RateLimiterRedis;
  /**
   * The insurance: of this process alone, for when Redis does not answer. The package's own `insuranceLimiter` knows of no time:
   * it would count a second time once Redis's silence has become an error.
   */
  readonly own: RateLimiterMemory;
}

export class VoterLimits {
  readonly #redis: RedisConnection;
  readonly #limiters = new Map<string, Limiter>();

  /** @param redis a connection that fails fast */
  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /**
   * One more new voter.
   * @param network hash of the network (an IPv4 address, an IPv6 /64); no address comes to Redis
   * @param neighbourhood hash of the /48 of an IPv6 address
   * @param end_ms by `performance.now()`: until then, for all that is asked, Redis is waited for
   * @throws TooFast
   */
  async take(
    network: string,
    neighbourhood: string | undefined,
    site: LimitedSite,
    end_ms: number,
  ): Promise<void> {
    const quota = site.limits.newVotersAMinute;
    const apart = quota === USUAL_LIMITS.newVotersAMinute ? undefined : site.id;
    const ofNetwork = this.#limiter("voters-of-network", quota, apart);
    if (neighbourhood === undefined) return await consume(ofNetwork, network, end_ms);
    const shared = this.#limiter("voters-of-neighbourhood", quota * NEW_VOTERS_TIMES, apart);
    // Looked at first, or whoever has a full /48 could have Redis remember each of its networks.
    await look(shared, neighbourhood, end_ms);
    await consume(ofNetwork, network, end_ms);
    // Counted last: what one network is refused is not its neighbours' loss.
    await consume(shared, neighbourhood, end_ms);
  }

  #limiter(name: string, quota: number, site: string | undefined): Limiter {
    const keyPrefix = site === undefined ? name : `${name}:${site}`;
    const known = this.#limiters.get(keyPrefix);
    if (known?.policy.quota === quota) return known;
    const policy = { name, quota, window_s: WINDOW_S };
    const limits = { points: quota, duration: WINDOW_S };
    const shared = new RateLimiterRedis({
      ...limits,
      storeClient: this.#redis,
      keyPrefix,
      // Once the quota is used up, Redis is not asked again until the window ends.
      inMemoryBlockOnConsumed: quota,
    });
    const made = { policy, shared, own: new RateLimiterMemory(limits) };
    this.#limiters.set(keyPrefix, made);
    return made;
  }
}

async function consume(limiter: Limiter, key: string, end_ms: number): Promise<void> {
  try {
    await ask(limiter, end_ms, (limits) => limits.consume(key));
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new TooFast("voters_too_fast", limiter.policy, error.msBeforeNext / 1_000);
  }
}

async function look(limiter: Limiter, key: string, end_ms: number): Promise<void> {
  const known = await ask(limiter, end_ms, (limits) => limits.get(key));
  if (known !== null && known.remainingPoints <= 0)
    throw new TooFast("voters_too_fast", limiter.policy, known.msBeforeNext / 1_000);
}

/** Asks all processes' limiter and, when it does not know in time, this one's. */
async function ask<Answer>(
  { shared, own }: Limiter,
  end_ms: number,
  question: (limits: RateLimiterRedis | RateLimiterMemory) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await before(end_ms, question(shared), "Redis did not count a new voter in time");
  } catch (error) {
    if (error instanceof RateLimiterRes) throw error;
    return await question(own);
  }
}
