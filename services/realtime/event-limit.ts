/** How many events one socket may send: what each costs is limited elsewhere, by voter and network. */
import { type QuotaPolicy, TooFast } from "../../shared/contract/problems.ts";
import { TokenBuckets } from "../../shared/votes/token-buckets.ts";

/** A reader presses a few buttons; a page of a hundred bars watches them with one event. */
const RATE_S = 20;
const BURST = 200;
const POLICY: QuotaPolicy = { name: "events-of-socket", quota: BURST, window_s: BURST / RATE_S };

export class EventLimit {
  readonly #buckets = new TokenBuckets(RATE_S, BURST);
  #sockets = 0;

  /** A limit of one socket: takes an event, or throws TooFast, `votes_too_fast`. */
  ofSocket(): () => void {
    const socket = this.#sockets++;
    return () => {
      const wait_ms = this.#buckets.take(socket, performance.now());
      if (wait_ms > 0) throw new TooFast("votes_too_fast", POLICY, wait_ms / 1_000);
    };
  }
}
