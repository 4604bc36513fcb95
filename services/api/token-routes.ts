/** Moderators' tokens: made, listed and revoked with a token of scope `admin` that works on all sites. */
import { Router } from "express";
import { parseTokenRequest, type TokenInfo } from "../../shared/contract/tokens.ts";
import { writeAudit } from "../../shared/moderation/audit.ts";
import type { Tokens } from "../../shared/moderation/tokens.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface TokenRouteParts {
  readonly redis: RedisConnection;
  readonly tokens: Tokens;
  readonly sites: Sites;
  readonly requireScope: RequireScope;
  /** Redis time, ms. */
  readonly now_ms: () => number;
}

export function tokenRoutes({ redis, tokens, sites, requireScope, now_ms }: TokenRouteParts): Router {
  const router = Router();

  router.post("/v1/tokens", async (request, response) => {
    const { name: by } = await requireScope(request, "admin");
    const asked = parseTokenRequest(await readJsonBody(request));
    if (asked.site !== undefined) siteNamed(sites, asked.site);
    const made = await orUnavailable(tokens.create(asked, by, now_ms()));
    await orUnavailable(tell(made, "made", by));
    response.set("cache-control", "no-store").status(201).json(made);
  });

  router.get("/v1/tokens", async (request, response) => {
    await requireScope(request, "admin");
    response.set("cache-control", "no-store").json({ tokens: await orUnavailable(tokens.list()) });
  });

  router.delete("/v1/tokens/:name", async (request, response) => {
    const { name: by } = await requireScope(request, "admin");
    await orUnavailable(tell(await orUnavailable(tokens.revoke(request.params.name)), "revoked", by));
    response.status(204).end();
  });

  /** Into the audit of every site that the token works on. */
  async function tell(
    { name, scope, site }: TokenInfo,
    what: "made" | "revoked",
    who: string,
  ): Promise<void> {
    const line = { what, who, token: name, reason: `scope ${scope}` };
    const told = site === undefined ? [...sites.keys()] : [site];
    await Promise.all(told.map((one) => writeAudit(redis, one, line)));
  }

  return router;
}
