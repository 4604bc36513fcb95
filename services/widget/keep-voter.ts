/** The voter's token: taken once, kept in this page's own localStorage. No cookie. */
import { isObject } from "../../shared/contract/object.ts";
import { isVoterToken } from "../../shared/contract/voter-token.ts";

/**
 * The token of this browser on a site. Taken before the first vote, so that a vote whose answer was lost can be sent
 * again without counting twice.
 * @throws Error when the service does not give one
 */
export async function keepVoter(endpoint: string, site: string): Promise<string> {
  const name = `reader-reactions:voter:${site}`;
  const kept = read(name);
  if (isVoterToken(kept)) return kept;
  const response = await fetch(`${endpoint}/v1/sites/${site}/voters`, { method: "POST" });
  const body: unknown = await response.json();
  if (!isObject(body) || !isVoterToken(body.voter)) throw new Error("The service gave no voter's token.");
  write(name, body.voter);
  return body.voter;
}

// Storage may be forbidden (private windows, embedded pages): then the token lasts as long as the page.
const lasting = new Map<string, string>();

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return lasting.get(name) ?? null;
  }
}

function write(name: string, token: string): void {
  try {
    localStorage.setItem(name, token);
  } catch {
    lasting.set(name, token);
  }
}
