/** Who asks, and whether they may: the one door of every route that is not for readers. */
import { setTimeout as pause } from "node:timers/promises";
import type { Request } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import { covers, type Scope, type TokenInfo } from "../../shared/contract/tokens.ts";
import type { Tokens } from "../../shared/moderation/tokens.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { Metrics } from "../../shared/runtime/metrics.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { networkOf } from "../../shared/votes/source.ts";
import { bearerOf } from "./bearer.ts";
import { WrongTokens } from "./wrong-tokens.ts";

/**
 * Resolves to the token's name and scope when the request may do what asks for `scope`.
 * @param site the site that it is about; undefined for what concerns all sites: then a token of one site is not enough
 * @throws Refusal `token_missing`, `token_invalid`, `scope_missing`, `token_too_fast` or `unavailable`
 */
export type RequireScope = (request: Request, scope: Scope, site?: Site) => Promise<TokenInfo>;

export interface RequireScopeParts {
  readonly tokens: Tokens;
  readonly addressOf: AddressOf;
  readonly metrics: Metrics;
  /** False: wrong tokens are answered at once, for tests. */
  readonly limits: boolean;
}

/** Seconds after which a network that tried too many tokens may try again. */
const RETRY_S = 60;

/** Past this many delayed answers the rest are refused at once, so that waiting cannot fill the process. */
const DELAYED_MAX = 100;

export function openRequireScope({ tokens, addressOf, metrics, limits }: RequireScopeParts): RequireScope {
  const wrong = new WrongTokens();
  let delayed = 0;

  const slowDown = async (network: string): Promise<void> => {
    const delay_ms = wrong.fail(network, performance.now());
    if (delayed >= DELAYED_MAX) throw new Refusal("token_too_fast", undefined, RETRY_S);
    delayed++;
    await pause(delay_ms);
    delayed--;
  };

  const check: RequireScope = async (request, scope, site) => {
    const network = networkOf(addressOf(request));
    if (limits && wrong.blocked(network, performance.now())) {
      throw new Refusal("token_too_fast", undefined, RETRY_S);
    }
    const token = bearerOf(request.headers.authorization, "token_invalid");
    if (token === undefined) throw new Refusal("token_missing");
    const found = await tokens.find(token).catch(() => {
      throw new Refusal("unavailable", "Tokens cannot be checked at this moment.");
    });
    if (found === undefined) {
      if (limits) await slowDown(network);
      throw new Refusal("token_invalid");
    }
    if (!covers(found.scope, scope)) {
      throw new Refusal(
        "scope_missing",
        `This needs a token of scope ${scope}; ${found.name} has ${found.scope}.`,
      );
    }
    if (found.site !== undefined && found.site !== site?.id) {
      throw new Refusal("scope_missing", `The token ${found.name} works on the site ${found.site} only.`);
    }
    return found;
  };

  return async (request, scope, site) => {
    try {
      const found = await check(request, scope, site);
      metrics.tokensUsed.inc({ name: found.name, scope });
      return found;
    } catch (error) {
      if (error instanceof Refusal) metrics.tokensRefused.inc({ code: error.problem.code });
      throw error;
    }
  };
}
