/** Whether a token may do what is asked for: the one check, over HTTP and over sockets. */
import { setTimeout as pause } from "node:timers/promises";
import { type QuotaPolicy, Refusal, TooFast } from "../contract/problems.ts";
import { covers, type Scope, type TokenInfo } from "../contract/tokens.ts";
import type { Tokens } from "./tokens.ts";
import { FAILURES_MAX, FAILURES_NEARBY_MAX, WrongTokens } from "./wrong-tokens.ts";

/** Of wrong tokens; a network, or an IPv6 /48, that tried more may try again after so long. */
const POLICY = {
  name: "wrong-tokens-of-network",
  quota: FAILURES_MAX,
  window_s: 60,
} as const satisfies QuotaPolicy;
const NEIGHBOURHOOD_POLICY = {
  name: "wrong-tokens-of-neighbourhood",
  quota: FAILURES_NEARBY_MAX,
  window_s: 60,
} as const satisfies QuotaPolicy;

/** Networks of wrong tokens are looked at so often, until none is left: an address is kept for three of these at most. */
const FORGET_PAUSE_MS = 60_000;

/** Past this many delayed answers the rest are refused at once, so that waiting cannot fill the process. */
const DELAYED_MAX = 100;

/** Where a token came from, as far as tries are counted. */
export interface TokenSender {
  readonly network: string;
  /** The /48 of an IPv6 address; undefined of IPv4. */
  readonly neighbourhood: string | undefined;
}

export class TokenDoor {
  readonly #tokens: Tokens;
  readonly #limits: boolean;
  readonly #wrong = new WrongTokens(POLICY.quota);
  readonly #wrongNearby = new WrongTokens(NEIGHBOURHOOD_POLICY.quota);
  #delayed = 0;
  #forgetting: NodeJS.Timeout | undefined;

  /** @param limits false: wrong tokens are answered at once, for tests */
  constructor(tokens: Tokens, limits: boolean) {
    this.#tokens = tokens;
    this.#limits = limits;
  }

  /**
   * Resolves to the token's name and scope when it may.
   * @param sender a network, or an IPv6 /48, that tries too many is turned away
   * @param site id of the site that it is about; undefined for what concerns all sites: then a token of one site is not enough
   * @throws Refusal `token_missing`, `token_invalid`, `scope_missing`, `token_too_fast` or `unavailable`
   */
  async enter(
    token: string | undefined,
    sender: TokenSender,
    scope: Scope,
    site: string | undefined,
  ): Promise<TokenInfo> {
    if (this.#limits) this.#turnAway(sender);
    if (token === undefined) throw new Refusal("token_missing");
    const found = await this.#tokens.find(token).catch(() => {
      throw new Refusal("unavailable", "Tokens cannot be checked at this moment.");
    });
    if (found === undefined) {
      if (this.#limits) await this.#slowDown(sender);
      throw new Refusal("token_invalid");
    }
    if (!covers(found.scope, scope)) {
      throw new Refusal(
        "scope_missing",
        `This needs a token of scope ${scope}; ${found.name} has ${found.scope}.`,
      );
    }
    if (found.site !== undefined && found.site !== site) {
      throw new Refusal("scope_missing", `The token ${found.name} works on the site ${found.site} only.`);
    }
    return found;
  }

  #turnAway({ network, neighbourhood }: TokenSender): void {
    const now_ms = performance.now();
    if (neighbourhood !== undefined && this.#wrongNearby.blocked(neighbourhood, now_ms))
      throw new TooFast("token_too_fast", NEIGHBOURHOOD_POLICY, NEIGHBOURHOOD_POLICY.window_s);
    if (this.#wrong.blocked(network, now_ms)) throw new TooFast("token_too_fast", POLICY, POLICY.window_s);
  }

  /** Nobody need ask again for an address to be forgotten; nothing waits for it when the process ends. */
  #forgetLater(): NodeJS.Timeout {
    return setInterval(() => {
      const now_ms = performance.now();
      const left = [this.#wrong, this.#wrongNearby].filter((wrong) => !wrong.forget(now_ms));
      if (left.length > 0) return;
      clearInterval(this.#forgetting);
      this.#forgetting = undefined;
    }, FORGET_PAUSE_MS).unref();
  }

  async #slowDown({ network, neighbourhood }: TokenSender): Promise<void> {
    const now_ms = performance.now();
    if (neighbourhood !== undefined) this.#wrongNearby.fail(neighbourhood, now_ms);
    const delay_ms = this.#wrong.fail(network, now_ms);
    this.#forgetting ??= this.#forgetLater();
    if (this.#delayed >= DELAYED_MAX) throw new TooFast("token_too_fast", POLICY, POLICY.window_s);
    this.#delayed++;
    await pause(delay_ms);
    this.#delayed--;
  }
}
