import { type ProblemCode, Refusal } from "../../shared/contract/problems.ts";

/**
 * The token of an `Authorization: Bearer` header (RFC 6750); undefined when there is no such header.
 * @throws Refusal `code` when the header holds something else
 */
export function bearerOf(
  header: string | undefined,
  code: ProblemCode = "voter_invalid",
): string | undefined {
  if (header === undefined) return undefined;
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined) throw new Refusal(code, "Expected Authorization: Bearer and a token.");
  return token;
}
