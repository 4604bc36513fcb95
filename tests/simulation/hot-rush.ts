/**
 * A rush on one page, simulated: votes come in evenly, API processes commit them, a worker takes them in rounds and merges them into
 * calls of the tally script with the service's own code, and one core of one master makes the calls one after the other. What a
 * call costs was measured. Nothing is left to chance, so the same rush ends the same.
 */
import { PageCalls } from "../../services/worker/page-calls.ts";
import { callsOf } from "../../services/worker/tally-votes.ts";
import { ROUND_MS } from "../../shared/votes/newest-job.ts";
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { Scheduler } from "./scheduler.ts";

/** Processor time of the master, µs. */
export interface CallCost {
  /** Of a call, however many votes are in it. */
  readonly call_us: number;
  readonly vote_us: number;
  /** Of the publication to one realtime process. */
  readonly listener_us: number;
}

export interface Rush {
  readonly votesASecond: number;
  readonly seconds: number;
  readonly listeners: number;
  readonly cost: CallCost;
}

export interface RushEnd {
  /** Votes that came, and that were in a total at the end: the same number. */
  readonly votes: number;
  readonly tallied: number;
  readonly calls: number;
  /** Share of the master's core while the rush lasted; 1 is all of it. */
  readonly busy: number;
  /** The longest that a vote waited for its total. */
  readonly late_ms_max: number;
  /** From the rush's last vote to the last total. */
  readonly caughtUp_ms: number;
}

/** From a vote's arrival to its job: a commit and its sync. */
const COMMIT_MS = 5;

/** Votes of a job, and jobs that a worker has in hand; the others wait in Redis. */
const VOTES_A_JOB = 1_000;
const PLACES = 128;

export async function simulateRush({ votesASecond, seconds, listeners, cost }: Rush): Promise<RushEnd> {
  const scheduler = new Scheduler();
  const rush_ms = seconds * 1_000;
  const votes = votesASecond * seconds;
  let [came, tallied, calls, busy_ms, late_ms_max, ended_ms, inHand] = [0, 0, 0, 0, 0, 0, 0];
  const queue: AcceptedVote[][] = [];

  const pages = new PageCalls(
    (_site, _page, { length, 0: oldest }) => {
      const took_ms = (cost.call_us + length * cost.vote_us + listeners * cost.listener_us) / 1_000;
      if (scheduler.now_ms < rush_ms) busy_ms += took_ms;
      return new Promise((resolve) => {
        scheduler.after(took_ms, () => {
          ended_ms = scheduler.now_ms;
          late_ms_max = Math.max(late_ms_max, ended_ms - (oldest?.at ?? 0));
          tallied += length;
          calls++;
          resolve();
        });
      });
    },
    (pause_ms, run) => scheduler.every(pause_ms, run),
  );

  const work = async (job: readonly AcceptedVote[]): Promise<void> => {
    inHand++;
    await Promise.all(callsOf(job).map((call) => pages.tally(call.site, call.page, call.votes)));
    inHand--;
  };
  const endRounds = scheduler.every(ROUND_MS, () => {
    while (inHand < PLACES) {
      const job = queue.shift();
      if (job === undefined) return;
      void work(job);
    }
  });
  const endCommits = scheduler.every(1, () => {
    const at = scheduler.now_ms - COMMIT_MS;
    const due = Math.min(votes, Math.floor((at / 1_000) * votesASecond));
    const vote = { site: "s", page: "p", voter: "0".repeat(16), reaction: 0, at, source: 0 };
    for (; came < due; came++) {
      const newest = queue.at(-1);
      if (newest !== undefined && newest.length < VOTES_A_JOB) newest.push(vote);
      else queue.push([vote]);
    }
  });
  while (tallied < votes) await scheduler.step();
  endRounds();
  endCommits();
  const caughtUp_ms = Math.max(0, ended_ms - rush_ms);
  return { votes, tallied, calls, busy: Math.min(1, busy_ms / rush_ms), late_ms_max, caughtUp_ms };
}
