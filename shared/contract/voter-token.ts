/**
 * An anonymous voter's token, as it travels: `a1.<key id>.<voter id>.<signature>`, all URL-safe. The browser keeps it in the embedding
 * page's localStorage; only the servers can tell whether it is genuine.
 */
const VOTER_TOKEN = /^a1\.[\w-]{1,16}(?:\.[\w-]{22}){2}$/;

/** Longest account token: a JWT with some claims more than we read. */
const ACCOUNT_TOKEN_LENGTH_MAX = 4_096;

/**
 * A JWT in compact form (RFC 7519); one without a signature has the shape too, to be refused as what it is. What begins as an
 * anonymous voter's token is one that was cut off: no JWT's header does.
 */
const ACCOUNT_TOKEN = /^(?!a1\.)[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** Whether `value` has the shape of an account's token, which the publisher signs. */
export function isAccountToken(value: unknown): value is string {
  return typeof value === "string" && value.length <= ACCOUNT_TOKEN_LENGTH_MAX && ACCOUNT_TOKEN.test(value);
}

/** Whether `value` can be the token of a voter of either kind. */
export function namesVoter(value: unknown): value is string {
  return isVoterToken(value) || isAccountToken(value);
}

/** Whether `value` has the shape of an anonymous voter's token. Says nothing about its signature. */
export function isVoterToken(value: unknown): value is string {
  return typeof value === "string" && VOTER_TOKEN.test(value);
}
