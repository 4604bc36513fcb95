/** Who asks, and whether they may: the one door of every route that is not for readers. */
import type { Request } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Scope, TokenInfo } from "../../shared/contract/tokens.ts";
import { TokenDoor } from "../../shared/moderation/token-door.ts";
import type { Tokens } from "../../shared/moderation/tokens.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { Metrics } from "../../shared/runtime/metrics.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { senderOf } from "../../shared/votes/source.ts";
import { bearerOf } from "./bearer.ts";

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

export function openRequireScope({ tokens, addressOf, metrics, limits }: RequireScopeParts): RequireScope {
  const door = new TokenDoor(tokens, limits);
  return async (request, scope, site) => {
    try {
      const token = bearerOf(request.headers.authorization, "token_invalid");
      const found = await door.enter(token, senderOf(addressOf(request)), scope, site?.id);
      metrics.tokensUsed.inc({ name: found.name, scope });
      return found;
    } catch (error) {
      if (error instanceof Refusal) metrics.tokensRefused.inc({ code: error.problem.code });
      throw error;
    }
  };
}
