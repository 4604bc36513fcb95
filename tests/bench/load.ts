/** Load from wrk: 64 connections that vote as fast as they are answered. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { Voters } from "../../shared/votes/voters.ts";
import { outputOf } from "./begin.ts";

const CONNECTIONS = 64;
const VOTERS = 2_000;
const PAGES = 20;

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

/** The votes that are sent over and over, one JSON body a line. */
export interface VoteFile {
  readonly path: string;
  /** Sites' pages that they are for. */
  readonly pages: readonly string[];
  /** Voters on pages: what the totals must add up to when every vote was sent at least once. */
  readonly distinct: number;
  remove(): void;
}

/** Writes the votes: each voter on a page of its own choice, with a genuine token. */
export function writeVotes(name: string, count = VOTERS): VoteFile {
  const voters = new Voters([{ id: "1", secret: "a secret for benchmarks only" }]);
  const pages = Array.from({ length: PAGES }, (_, i) => `https://news.example/${name}/${i}`);
  const bodies = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      page: pages[i % PAGES],
      reaction: DEFAULT_REACTIONS[Math.floor(i / PAGES) % DEFAULT_REACTIONS.length],
      voter: voters.issue("default").token,
    }),
  );
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
