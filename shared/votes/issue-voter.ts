import { Refusal } from "../contract/problems.ts";
import type { Site } from "../runtime/sites.ts";
import type { VoteDesk } from "./vote-desk.ts";
import type { VoterId } from "./voters.ts";

/**
 * A new anonymous voter of a site.
 * @param address network address of the reader
 * @throws Refusal `voters_too_fast` when this network made too many in the last minute; `account_needed`; `unavailable`
 */
export async function issueVoter(
  desk: VoteDesk,
  site: Site,
  address: string,
): Promise<{ readonly id: VoterId; readonly token: string }> {
  if (site.voters.who === "account") throw new Refusal("account_needed");
  if (desk.newVoters !== undefined) {
    if (!desk.sources.ready) throw new Refusal("unavailable");
    const { network, neighbourhood } = desk.sources.names(address);
    await desk.newVoters.take(network, neighbourhood);
  }
  return desk.voters.issue(site.id);
}
