/** Stands in until branch moderation brings its own. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Request } from "express";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Site } from "../../shared/runtime/sites.ts";

export type RequireScope = (request: Request, scope: "read" | "moderate", site?: Site) => Promise<unknown>;

export function openRequireScope(token: string | undefined): RequireScope {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return async (request) => {
    const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined || given === undefined || !timingSafeEqual(digest(given), digest(token)))
      throw new Refusal("voter_invalid");
  };
}
