/** Named tokens of people and scripts that moderate, as they travel. */
import { isObject } from "./object.ts";
import { Refusal } from "./problems.ts";
import { isSiteId } from "./site-id.ts";

/** What a token may do, least first; each scope includes those before it. */
export const SCOPES = ["read", "moderate", "admin"] as const;

/** `read`: audit, sources, export. `moderate`: orders and pages too. `admin`: tokens and import too. */
export type Scope = (typeof SCOPES)[number];

/** Name of the token that the service was started with (`ADMIN_TOKEN`). */
export const ROOT_TOKEN = "root";

/** A token without its secret. */
export interface TokenInfo {
  readonly name: string;
  readonly scope: Scope;
  /** The only site that it works on; absent: all sites. */
  readonly site?: string;
  /** When it was made, Unix ms; absent for `root`, which comes from the settings. */
  readonly at?: number;
  /** Name of the token that made it. */
  readonly by?: string;
}

/** A token just made: the only time that its secret is shown. */
export interface NewToken extends TokenInfo {
  readonly token: string;
}

/** What to make. */
export interface TokenRequest {
  readonly name: string;
  readonly scope: Scope;
  readonly site?: string | undefined;
}

/** Stands in audit entries, metric labels and paths: lower-case letters, digits and hyphens, 1 to 32 characters. */
const TOKEN_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

/** Whether `value` can be the name of a token. */
export function isTokenName(value: unknown): value is string {
  return typeof value === "string" && TOKEN_NAME.test(value);
}

/** Whether `value` is a scope. */
export function isScope(value: unknown): value is Scope {
  return SCOPES.some((scope) => scope === value);
}

/** Whether a token of scope `held` may do what asks for `needed`. */
export function covers(held: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(held) >= SCOPES.indexOf(needed);
}

/**
 * A request for a token, checked field by field.
 * @throws Refusal `token_request_invalid`
 */
export function parseTokenRequest(value: unknown): TokenRequest {
  if (!isObject(value)) throw unfit("A token is asked for with a JSON object.");
  const { name, scope, site, ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw unfit(`There is no field ${JSON.stringify(unknown.slice(0, 40))}.`);
  if (!isTokenName(name) || name === ROOT_TOKEN) {
    throw unfit(`A name is lower-case letters, digits and hyphens, at most 32, and not ${ROOT_TOKEN}.`);
  }
  if (!isScope(scope)) throw unfit(`A scope is one of ${SCOPES.join(", ")}.`);
  if (site === undefined) return { name, scope };
  if (!isSiteId(site)) throw unfit("The site is not well formed.");
  return { name, scope, site };
}

function unfit(detail: string): Refusal {
  return new Refusal("token_request_invalid", detail);
}
