/** `POST /v1/sites/{site}/voters/self/move`: a reader who signed in takes along what they voted before. */
import { Router } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import { mayAct } from "../../shared/runtime/site-origins.ts";
import { identifyAccount } from "../../shared/votes/identify-voter.ts";
import { bearerOf } from "./bearer.ts";
import { moveVoter, type OrderDesk } from "./give-order.ts";
import { NetworkLimit } from "./network-limit.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { readJsonBody } from "./read-body.ts";
import { parseMoveBody } from "./schemas.ts";
import { siteNamed } from "./site-named.ts";

export interface MoveRouteParts extends OrderDesk {
  readonly addressOf: AddressOf;
  readonly limits: boolean;
}

/** Readers of one network who may do it in a minute, in each process: an office at nine in the morning. */
const MOVES_A_MINUTE_MAX = 120;

/** A hundred page ids of usual length. */
const BODY_BYTES_MAX = 65_536;

export function moveRoute(parts: MoveRouteParts): Router {
  const { desk, addressOf, limits } = parts;
  const router = Router();
  const moves = limits ? new NetworkLimit("moves_too_fast", "moves", MOVES_A_MINUTE_MAX) : undefined;

  router.post("/v1/sites/:site/voters/self/move", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    if (!mayAct(site.origins, request.headers.origin, request.headers.host))
      throw new Refusal("origin_refused");
    const { voter, account, pages } = parseMoveBody(await readJsonBody(request, BODY_BYTES_MAX));
    const token = bearerOf(request.headers.authorization) ?? account;
    if (token === undefined) throw new Refusal("voter_missing", "This needs the account's token.");
    const from = desk.voters.verify(site.id, voter);
    if (from === undefined) throw new Refusal("voter_invalid");
    // Whoever sends forged tokens is not to have each of them verified.
    await moves?.take(addressOf(request));
    const to = await identifyAccount(desk, site, token, site.voters.who !== "anonymous");
    await orUnavailable(moveVoter(parts, site, from.handle, to.handle, pages));
    response.set("cache-control", "no-store").status(202).json({});
  });

  return router;
}
