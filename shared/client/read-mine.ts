import { isObject } from "../contract/object.ts";
import type { HttpReactions } from "./http-reactions.ts";

/**
 * What this voter holds on each of `pages`; nothing is asked for a voter without a token.
 * @throws ServiceError
 */
export async function readMine(
  client: Pick<HttpReactions, "read" | "token">,
  pages: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const { token } = client;
  if (token === null) return new Map(pages.map((page) => [page, null]));
  const entries = await client.read("mine", pages, { headers: { authorization: `Bearer ${token}` } });
  const mine = new Map<string, string | null>();
  for (const entry of entries) {
    if (!isObject(entry) || typeof entry.page !== "string") continue;
    mine.set(entry.page, typeof entry.reaction === "string" ? entry.reaction : null);
  }
  return mine;
}
