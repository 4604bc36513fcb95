/**
 * A voter's token, as it travels: `a1.<key id>.<voter id>.<signature>`, all URL-safe. The browser keeps it in the embedding
 * page's localStorage; only the servers can tell whether it is genuine.
 */
const VOTER_TOKEN = /^a1\.[A-Za-z0-9_-]{1,16}\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{22}$/;

/** Whether `value` has the shape of a voter's token. Says nothing about its signature. */
export function isVoterToken(value: unknown): value is string {
  return typeof value === "string" && VOTER_TOKEN.test(value);
}
