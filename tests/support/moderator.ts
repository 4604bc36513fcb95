/** A moderator's view of the service, for tests. */
import { Moderation } from "../../shared/client/client.ts";
import { type Answered, call } from "./reader.ts";

/** What a service under test is started with. */
export const ADMIN_TOKEN = "the-admin-token-of-tests";

export function moderator(url: string, site = "default", token = ADMIN_TOKEN): Moderation {
  return new Moderation({ endpoint: url, site, token });
}

/** An export, read whole. */
export async function exported(url: string, site = "default"): Promise<string> {
  return await new Response(await moderator(url, site).exportSite()).text();
}

/** Sends lines as an import. */
export function imported(url: string, lines: string, query = "", site = "default"): Promise<Answered> {
  return call(`${url}/v1/sites/${site}/import${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/x-ndjson" },
    body: lines,
  });
}

/** An export without the time at which it was made. */
export function timeless(text: string): string {
  return text.replace(/"exportedAt":\d+/, '"exportedAt":0');
}
