/** Moderators' tokens: made, listed and revoked with a token of scope `admin` that works on all sites. */
import { Router } from "express";
import { parseTokenRequest } from "../../shared/contract/tokens.ts";
import type { Tokens } from "../../shared/moderation/tokens.ts";
import type { Sites } from "../../shared/runtime/sites.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { readJsonBody } from "./read-body.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface TokenRouteParts {
  readonly tokens: Tokens;
  readonly sites: Sites;
  readonly requireScope: RequireScope;
  /** Redis time, ms. */
  readonly now_ms: () => number;
}

export function tokenRoutes({ tokens, sites, requireScope, now_ms }: TokenRouteParts): Router {
  const router = Router();

  router.post("/v1/tokens", async (request, response) => {
    const { name: by } = await requireScope(request, "admin");
    const asked = parseTokenRequest(await readJsonBody(request));
    if (asked.site !== undefined) siteNamed(sites, asked.site);
    const made = await orUnavailable(tokens.create(asked, by, now_ms()));
    response.set("cache-control", "no-store").status(201).json(made);
  });

  router.get("/v1/tokens", async (request, response) => {
    await requireScope(request, "admin");
    response.set("cache-control", "no-store").json({ tokens: await orUnavailable(tokens.list()) });
  });

  router.delete("/v1/tokens/:name", async (request, response) => {
    await requireScope(request, "admin");
    await orUnavailable(tokens.revoke(request.params.name));
    response.status(204).end();
  });

  return router;
}
