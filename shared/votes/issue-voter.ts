import { PuzzleNeeded, Refusal } from "../contract/problems.ts";
import type { Site } from "../runtime/sites.ts";
import { inTime } from "./in-time.ts";
import type { VoteDesk } from "./vote-desk.ts";
import type { Voter } from "./voters.ts";

/**
 * How long Redis is asked, in all, whether a new voter may be made; then this process decides alone. Well below what a command
 * may take (`COMMAND_MS_MAX`), or a silent Redis would now refuse a new voter and now let it in.
 */
const COUNT_MS_MAX = 700;

/**
 * A new anonymous voter of a site. While Redis is away, refusing or silent, it is made all the same: this process counts alone.
 * @param address network address of the reader
 * @param solution of the puzzle that they were asked for before, unchecked
 * @throws Refusal `voters_too_fast` when this network made too many in the last minute; `account_needed`; `puzzle_needed` and
 *   `puzzle_failed` with a puzzle; `unavailable` before Redis has ever answered, and of a right solution while it is away
 */
export async function issueVoter(
  desk: VoteDesk,
  site: Site,
  address: string,
  solution?: unknown,
): Promise<{ readonly voter: Voter; readonly token: string }> {
  if (site.voters.who === "account") throw new Refusal("account_needed");
  await inTime(performance.now(), admitNewcomer(desk, site, address, solution));
  return desk.voters.issue(site.id);
}

/** Whoever solves a puzzle was counted when they were asked. */
async function admitNewcomer(
  { newVoters, puzzles, sources, voteLimits }: VoteDesk,
  site: Site,
  address: string,
  solution: unknown,
): Promise<void> {
  if (newVoters === undefined || puzzles === undefined) return;
  if (!sources.ready) throw new Refusal("unavailable");
  const tried = solution !== undefined;
  const source = sources.hash(address);
  // A look at a solution costs more than a vote does: it counts like one more of the network.
  if (tried) voteLimits?.checkNetwork(address, source, performance.now(), site, "voters_too_fast");
  if (tried && (await puzzles.redeem(site.id, solution))) return;
  const { network, neighbourhood } = sources.names(address);
  const end_ms = performance.now() + COUNT_MS_MAX;
  // First, or one host could make all newcomers of the site look like a raid.
  await newVoters.take(network, neighbourhood, site, end_ms);
  const level = await puzzles.level(site, address, source, end_ms);
  if (level > 0 || tried)
    throw new PuzzleNeeded(tried ? "puzzle_failed" : "puzzle_needed", await puzzles.ask(site.id, level || 1));
}
