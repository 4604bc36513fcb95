/** The secret of the services under test, so that voters exist without asking anybody and their records can be found. */
import { Voters } from "../../../shared/votes/voters.ts";

export const SECRET = "a secret that only the fault tests know";

/** Of those who may read the export. */
export const ADMIN_TOKEN = "a-token-that-only-the-fault-tests-know";

const VOTERS = new Voters([{ id: "1", secret: SECRET }]);

/** A new voter's token. */
export function makeVoter(site = "default"): string {
  return VOTERS.issue(site).token;
}

/**
 * Under which name Redis knows the voter on a page.
 * @throws Error when no such voter was ever made
 */
export function pseudonymOf(token: string, page: string, site = "default"): string {
  const voter = VOTERS.verify(site, token);
  if (voter === undefined) throw new Error(`nobody made a voter ${JSON.stringify(token)}`);
  return voter.on(page);
}
