import { isObject } from "../../../shared/contract/object.ts";
import { ANSWER_MS_MAX } from "./post-vote.ts";

/** What a voter holds on a page, as the service tells them. */
export interface MinePage {
  readonly page: string;
  readonly reaction: string | null;
}

/**
 * What a voter is told that they hold on `pages`, of which there are at most 100.
 * @throws when it is refused or not answered
 */
export async function readMine(
  api: string,
  voter: string,
  pages: readonly string[],
): Promise<readonly MinePage[]> {
  const query = pages.map((page) => `page=${encodeURIComponent(page)}`).join("&");
  const response = await fetch(`${api}/v1/sites/default/mine?${query}`, {
    headers: { authorization: `Bearer ${voter}` },
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
  const body: unknown = await response.json();
  if (!response.ok || !isObject(body) || !Array.isArray(body.pages)) throw new Error(JSON.stringify(body));
  return body.pages.map((told: unknown): MinePage => {
    if (!isObject(told) || typeof told.page !== "string") throw new Error(JSON.stringify(body));
    return { page: told.page, reaction: typeof told.reaction === "string" ? told.reaction : null };
  });
}
