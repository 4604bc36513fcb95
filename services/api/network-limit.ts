/** How often the readers of one network may ask for what costs more than a vote, in each process. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { type QuotaPolicy, TooFast, type TooFastCode } from "../../shared/contract/problems.ts";
import { ipv6NeighbourhoodOf, NETWORKS_A_NEIGHBOURHOOD, networkOf } from "../../shared/votes/source.ts";

const WINDOW_S = 60;

export class NetworkLimit {
  readonly #code: TooFastCode;
  readonly #networks: Limiter;
  readonly #neighbourhoods: Limiter;

  /**
   * @param code of the refusal
   * @param what is counted: a word of the quota's name
   * @param quota a minute
   */
  constructor(code: TooFastCode, what: string, quota: number) {
    this.#code = code;
    this.#networks = limiter(`${what}-of-network`, quota);
    this.#neighbourhoods = limiter(`${what}-of-neighbourhood`, quota * NETWORKS_A_NEIGHBOURHOOD);
  }

  /**
   * One more from this address.
   * @throws TooFast
   */
  async take(address: string): Promise<void> {
    const neighbourhood = ipv6NeighbourhoodOf(address);
    // Looked at first, or whoever has a full /48 could have us remember each of its networks.
    if (neighbourhood !== undefined) await this.#look(this.#neighbourhoods, neighbourhood);
    await this.#consume(this.#networks, networkOf(address));
    // Counted last: what one network is refused is not its neighbours' loss.
    if (neighbourhood !== undefined) await this.#consume(this.#neighbourhoods, neighbourhood);
  }

  async #look({ policy, limits }: Limiter, name: string): Promise<void> {
    const known = await limits.get(name);
    if (known !== null && known.remainingPoints <= 0)
      throw new TooFast(this.#code, policy, known.msBeforeNext / 1_000);
  }

  async #consume({ policy, limits }: Limiter, name: string): Promise<void> {
    try {
      await limits.consume(name);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new TooFast(this.#code, policy, error.msBeforeNext / 1_000);
    }
  }
}

interface Limiter {
  readonly policy: QuotaPolicy;
  readonly limits: RateLimiterMemory;
}

function limiter(name: string, quota: number): Limiter {
  return {
    policy: { name, quota, window_s: WINDOW_S },
    limits: new RateLimiterMemory({ points: quota, duration: WINDOW_S }),
  };
}
