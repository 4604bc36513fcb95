/** Load from wrk: 64 connections that vote as fast as they are answered. */
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { Voters } from "../../shared/votes/voters.ts";
import { outputOf } from "./begin.ts";

/** Of wrk: as many votes are on their way at a time. */
export const CONNECTIONS = 64;
/** Few enough that a service remembers their tokens, as it does those of most who press. */
const VOTERS = 2_000;
const PAGES = 20;

/** Passes over the voters in a file: after so many a voter is back at the first reaction. */
const PASSES = DEFAULT_REACTIONS.length;

/** More than any service here answers, on a fast machine too. */
const VOTES_A_SECOND_MAX = 30_000;

/**
 * Seconds of load before `seconds` that are measured: Node goes on compiling what it runs often for that long, and a service is
 * measured as it runs for the rest of the day.
 */
export function warmFor_s(seconds: number): number {
  return Math.ceil(1.5 * seconds);
}

/** What came of a load. */
export interface LoadResult {
  readonly answered: number;
  readonly refused: number;
  readonly errors: number;
  readonly seconds: number;
}

/** Votes, one JSON body a line; wrk begins again at the first when it has sent the last. */
export interface VoteFile {
  readonly path: string;
  /** Sites' pages that they are for. */
  readonly pages: readonly string[];
  /** Voters on pages: what the totals must add up to when every vote was sent at least once. */
  readonly distinct: number;
  remove(): void;
}

/**
 * Writes the votes of readers who press again and again: each voter on a page of its own choice, with a genuine token, and another
 * reaction each time, so that every vote moves totals, timelines and hot lists as a reader's does.
 */
export function writeVotes(name: string, count = VOTERS): VoteFile {
  return writePasses(name, count, PASSES);
}

/** Writes more votes than can be sent within so many seconds, each the first of a new voter. */
export function writeFirstVotes(name: string, seconds: number): VoteFile {
  return writePasses(name, seconds * VOTES_A_SECOND_MAX, 1);
}

function writePasses(name: string, count: number, passes: number): VoteFile {
  const voters = new Voters([{ id: "1", secret: "a secret for benchmarks only" }]);
  const pages = Array.from({ length: PAGES }, (_, i) => `https://news.example/${name}/${i}`);
  // The first at random: voters one after the other that move on side by side would leave their page's totals as they were.
  const firsts = Array.from({ length: count }, () => ({
    reaction: randomInt(PASSES),
    token: voters.issue("default").token,
  }));
  const bodies = Array.from({ length: passes }, (_, pass) =>
    firsts.map(({ reaction, token }, i) =>
      JSON.stringify({
        page: pages[i % PAGES],
        reaction: DEFAULT_REACTIONS[(reaction + pass) % PASSES],
        voter: token,
      }),
    ),
  ).flat();
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-bench-"));
  const path = join(folder, "votes");
  writeFileSync(path, `${bodies.join("\n")}\n`);
  return { path, pages, distinct: count, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Votes at `address` for `seconds`. wrk is an apt package.
 * @param from one address, or each voter from another as a trusted proxy says
 */
export async function vote(
  address: string,
  votes: Pick<VoteFile, "path">,
  seconds: number,
  core: number | undefined,
  from: "here" | "everywhere" = "here",
): Promise<LoadResult> {
  const output = await outputOf(core, "wrk", [
    // A server that is slow to answer is slow, not broken.
    ...["-t", "1", "-c", String(CONNECTIONS), "-d", `${seconds}s`, "--timeout", "30s"],
    ...["-s", "tests/bench/vote.lua"],
    ...[`${address}/v1/sites/default/votes`, "--", votes.path, from],
  ]);
  const [, json] = /^RESULT (.+)$/m.exec(output) ?? [];
  if (json === undefined) throw new Error(`wrk said no result:\n${output}`);
  return JSON.parse(json);
}
