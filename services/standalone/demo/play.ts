/**
 * Fills the demo with two days of votes, and goes on voting. Votes go the usual way, through the queue to the worker, with
 * stamps of the past instead of the API's: a vote counts at its stamp, whenever it is delivered.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { VoteDesk } from "../../../shared/votes/vote-desk.ts";
import type { AcceptedVote } from "../../../shared/votes/vote-job.ts";
import { type Chance, drawReaction, drawVotes, HISTORY_MS, HOUR_MS, paceOf, type Story } from "./newsroom.ts";

/** The history is written step by step, oldest first. */
const STEP_MS = 600_000;

/** Networks that honest readers come from. */
const NETWORKS = 5_000;

/** Bots: so many votes within so long, for one reaction, evenly. */
const RAID_VOTES = 400;
const RAID_MS = 180_000;
const RAID_REACTION = 2;
const RAID_NETWORK = 100_000;

/** Between two rounds of live votes. */
const ROUND_MS = 500;

/** Live readers press so much faster than those of the history: a demo should move. */
const HASTE = 8;

const SITE = "default";

interface Reader {
  readonly page: string;
  readonly reaction: number;
  readonly at: number;
  readonly source: number;
}

/** @param show is told how much is done, 0 to 1 */
export async function playHistory(
  desk: Pick<VoteDesk, "queue" | "now_ms">,
  stories: readonly Story[],
  raided: Story | undefined,
  chance: Chance,
  show: (done: number) => void,
): Promise<number> {
  const now_ms = desk.now_ms();
  let votes = 0;
  for (let from = now_ms - HISTORY_MS; from < now_ms; from += STEP_MS) {
    const step = readersOf(stories, from, Math.min(STEP_MS, now_ms - from), chance);
    await Promise.all(step.map((reader) => desk.queue.add(toVote(reader))));
    votes += step.length;
    show((from + STEP_MS - now_ms + HISTORY_MS) / HISTORY_MS);
  }
  const raid = raided === undefined ? [] : raidOf(raided, now_ms);
  await Promise.all(raid.map((reader) => desk.queue.add(toVote(reader))));
  return votes + raid.length;
}

/** Goes on until the signal. @param report hears of votes that could not be stored: then the next ones are tried */
export async function playOn(
  desk: Pick<VoteDesk, "queue" | "now_ms" | "metrics">,
  stories: readonly Story[],
  chance: Chance,
  signal: AbortSignal,
  report: (error: unknown) => void,
): Promise<void> {
  for (let last = desk.now_ms(); !signal.aborted; ) {
    await pause(ROUND_MS, undefined, { signal }).catch(() => {});
    const now_ms = desk.now_ms();
    const round = readersOf(stories, last, now_ms - last, chance, HASTE);
    last = now_ms;
    await Promise.all(round.map((reader) => desk.queue.add(toVote(reader))))
      .then(() => desk.metrics.accepted.inc({ road: "demo" }, round.length))
      .catch(report);
  }
}

/** Who votes between two moments. */
export function readersOf(
  stories: readonly Story[],
  from_ms: number,
  length_ms: number,
  chance: Chance,
  haste = 1,
): readonly Reader[] {
  return stories.flatMap((story) => {
    const mean = (haste * paceOf(story, from_ms + length_ms / 2) * length_ms) / HOUR_MS;
    return Array.from({ length: drawVotes(mean, chance) }, () => ({
      page: story.page,
      reaction: drawReaction(story.mood, chance),
      at: Math.floor(from_ms + chance() * length_ms),
      source: sourceOf(Math.floor(chance() * NETWORKS)),
    }));
  });
}

/** The bots' votes, the last of them just now. */
export function raidOf({ page }: Story, now_ms: number): readonly Reader[] {
  return Array.from({ length: RAID_VOTES }, (_, index) => ({
    page,
    reaction: RAID_REACTION,
    at: Math.floor(now_ms - (index * RAID_MS) / RAID_VOTES),
    // Half from one address, which is held; half from rented ones all over, which is not, and so raises the alerts.
    source: sourceOf(index % 2 === 0 ? RAID_NETWORK : RAID_NETWORK + index),
  }));
}

/** A network's source; spread as a keyed hash is, lest they all be neighbours. */
function sourceOf(network: number): number {
  return Math.imul(network, 0x9e3779b1) >>> 8;
}

/** Everybody votes once: a voter of their own, with a name like those that the API makes. */
function toVote(reader: Reader): AcceptedVote {
  return { ...reader, site: SITE, voter: randomBytes(8).toString("hex") };
}
