/**
 * A rush on one page, simulated: votes come in evenly, API processes commit them, workers merge them into calls of the tally
 * script, and one core of one master makes the calls one after the other. Which rule makes which call is that of
 * services/worker/page-calls.ts; what a call costs was measured. Time passes in steps, so the same rush ends the same.
 */

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

const STEP_MS = 1;
const BEAT_MS = 50;
const VOTES_A_CALL_MAX = 200;

/** From a vote's arrival to its job: a commit and its sync. */
const COMMIT_MS = 5;

/** Votes that became jobs at one moment. */
interface Batch {
  readonly came_ms: number;
  votes: number;
}

export function simulateRush({ votesASecond, seconds, listeners, cost }: Rush): RushEnd {
  const queue: Batch[] = [];
  const rush_ms = seconds * 1_000;
  const votes = votesASecond * seconds;
  let [came, tallied, calls, waiting] = [0, 0, 0, 0];
  let [free_ms, called_ms, busy_ms, late_ms_max] = [0, Number.NEGATIVE_INFINITY, 0, 0];
  let now_ms = 0;
  for (; tallied < votes; now_ms += STEP_MS) {
    const due = Math.min(votes, Math.floor((Math.max(0, now_ms - COMMIT_MS) / 1_000) * votesASecond));
    if (due > came) queue.push({ came_ms: now_ms - COMMIT_MS, votes: due - came });
    waiting += due - came;
    came = due;
    // A call begins when the one before has ended, and is full or a beat later than it.
    const mayCall = (): boolean =>
      waiting >= VOTES_A_CALL_MAX || (waiting > 0 && now_ms >= called_ms + BEAT_MS);
    while (free_ms <= now_ms && mayCall()) {
      const count = Math.min(waiting, VOTES_A_CALL_MAX);
      const took_ms = (cost.call_us + count * cost.vote_us + listeners * cost.listener_us) / 1_000;
      free_ms = Math.max(free_ms, now_ms - STEP_MS) + took_ms;
      late_ms_max = Math.max(late_ms_max, free_ms - take(queue, count));
      called_ms = now_ms;
      if (now_ms < rush_ms) busy_ms += took_ms;
      waiting -= count;
      tallied += count;
      calls++;
    }
  }
  const caughtUp_ms = Math.max(0, free_ms - rush_ms);
  return { votes, tallied, calls, busy: Math.min(1, busy_ms / rush_ms), late_ms_max, caughtUp_ms };
}

/** Takes votes from the front, the oldest first; when the oldest of them came. */
function take(queue: Batch[], count: number): number {
  const oldest_ms = queue[0]?.came_ms ?? 0;
  for (let left = count; left > 0; ) {
    const [first] = queue;
    if (first === undefined) throw new RangeError("more votes were taken than came");
    const taken = Math.min(left, first.votes);
    first.votes -= taken;
    left -= taken;
    if (first.votes === 0) queue.shift();
  }
  return oldest_ms;
}
