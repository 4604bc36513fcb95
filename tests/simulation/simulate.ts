/**
 * The way of a vote in one process, under a scheduler that delays, reorders, doubles and loses messages. Stamps, shards,
 * commits, jobs, merging, pushing and following are the service's own code; queue and tally are models of what Redis does.
 */
import { PagePush } from "../../services/realtime/push-counts.ts";
import { isNewer, type PageCounts } from "../../shared/contract/counts.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { CommitFullError, GroupCommit } from "../../shared/votes/group-commit.ts";
import { shardOf } from "../../shared/votes/shards.ts";
import { Stamper } from "../../shared/votes/stamper.ts";
import { type AcceptedVote, fromVoteJob, toVoteJob } from "../../shared/votes/vote-job.ts";
import { type FinalState, History, type VoteAsked } from "../faults/rig/history.ts";
import type { Random } from "../faults/rig/random.ts";
import { Scheduler } from "./scheduler.ts";
import { TallyModel } from "./tally-model.ts";

const SHARDS = 3;
const APIS = 2;
const VIEWERS = 3;
const PAGES = ["a", "b", "c", "d"];
const CHOICES = [0, 1, 2, 3, 0, null];
/** Small, so that full commits, second ones and full queues happen. */
const LIMITS = { itemsACommit_max: 8, waiting_max: 8, itemsASecond_min: 1 };
const CHECK_PAUSE_MS = 30_000;

interface Viewer {
  readonly name: string;
  readonly shown: Map<string, PageCounts>;
  connections: number;
  /** Messages of one connection do not overtake each other. */
  arrives_ms: number;
}

/** Where an API process's next commits of one shard go while no worker has taken the job that it stored last. */
interface Joining {
  job?: string[] | undefined;
}

export interface Simulated {
  readonly history: History;
  readonly final: FinalState;
}

/** Votes for `steps` steps, then lets everything come to rest. */
export async function simulate(random: Random, steps: number): Promise<Simulated> {
  const simulation = new Simulation(random);
  return await simulation.run(steps);
}

class Simulation {
  readonly #random: Random;
  readonly #scheduler = new Scheduler();
  readonly #history = new History();
  readonly #tally = new TallyModel();
  readonly #viewers: readonly Viewer[];
  readonly #pushes: ReadonlyMap<string, PagePush>;
  readonly #apis: readonly {
    readonly stamper: Stamper;
    readonly shards: readonly GroupCommit<AcceptedVote>[];
  }[];
  #voters = 0;
  #voting = true;

  constructor(random: Random) {
    this.#random = random;
    this.#viewers = Array.from({ length: VIEWERS }, (_, n) => {
      return { name: `viewer ${n}`, shown: new Map(), connections: 1, arrives_ms: 0 };
    });
    const times = {
      now_ms: () => this.#scheduler.now_ms,
      // Timers fire early or late now and then.
      after: (pause_ms: number, run: () => void) =>
        this.#scheduler.after(Math.max(0, pause_ms + random.below(5) - 1), run),
      afterTurn: (run: () => void) => run(),
    };
    this.#pushes = new Map(
      PAGES.map((page) => [page, new PagePush((counts) => this.#push(counts), { times })]),
    );
    this.#apis = Array.from({ length: APIS }, () => ({
      // One clock for all: Redis's, read with an error of some ms.
      stamper: new Stamper({ now: () => 1_000_000 + Math.floor(this.#scheduler.now_ms) + random.below(3) }),
      shards: Array.from({ length: SHARDS }, () => {
        const joining: Joining = {};
        return new GroupCommit<AcceptedVote>(
          (votes) => this.#store(votes, joining),
          LIMITS,
          (run) => this.#scheduler.after(0, run),
        );
      }),
    }));
  }

  async run(steps: number): Promise<Simulated> {
    // Viewers are there before the first vote, and read what there is: nothing.
    this.#check();
    for (let client = 0; client < 40; client++) this.#later(50, () => this.#vote(this.#newVoter(), 3));
    this.#later(CHECK_PAUSE_MS, () => this.#check());
    for (let step = 0; step < steps; step++) {
      if (!(await this.#scheduler.step())) throw new Error("everything came to a halt");
    }
    this.#voting = false;
    while (await this.#scheduler.step());
    // What the periodic check is there for: the last messages may have been lost.
    this.#check();
    while (await this.#scheduler.step());
    const shown = this.#viewers.flatMap(({ name, shown: all }) =>
      [...all.values()].map((counts) => ({ viewer: name, counts })),
    );
    const pages = PAGES.map((page) => this.#tally.counts(page));
    return {
      history: this.#history,
      final: { pages, records: this.#tally.records, viewers: this.#viewers.map(({ name }) => name), shown },
    };
  }

  /** A message on its way: mostly quick, sometimes very late. */
  #later(most_ms: number, run: () => void): void {
    const late = this.#random.chance(0.02) ? 40 : 1;
    this.#scheduler.after(this.#random.next() * most_ms * late, run);
  }

  #newVoter(): string {
    // 16 hexadecimal digits, as jobs carry them; also the voter's name in the history.
    return (this.#voters++).toString(16).padStart(16, "0");
  }

  /** A voter presses, hears or does not, presses again; after `presses` another voter takes the client over. */
  #vote(voter: string, presses: number): void {
    if (!this.#voting) return;
    const page = this.#random.pick(PAGES);
    const reaction = this.#random.pick(CHOICES);
    const next =
      presses > 0
        ? () => this.#vote(voter, presses - 1)
        : () => this.#vote(this.#newVoter(), this.#random.below(4));
    const began_ms = this.#time();
    const name = reaction === null ? null : (DEFAULT_REACTIONS[reaction] ?? null);
    const asked = { voter, page, reaction: name, road: "http" as const, began_ms };
    const tell = (outcome: VoteAsked["outcome"], at?: number): void => {
      const known = { ...asked, ended_ms: this.#time(), outcome, status: outcome === "accepted" ? 202 : 503 };
      this.#history.votes.push(at === undefined ? known : { ...known, at });
      this.#later(60, next);
    };
    this.#later(20, () => this.#accept(voter, page, reaction, tell));
  }

  #accept(
    voter: string,
    page: string,
    reaction: number | null,
    tell: (outcome: VoteAsked["outcome"], at?: number) => void,
  ) {
    const api = this.#random.pick(this.#apis);
    const at = api.stamper.stamp(voter);
    const commit = api.shards[shardOf("default", page, SHARDS)];
    commit?.add({ site: "default", page, voter, reaction, at, source: 0 }).then(
      // The answer may get lost on its way; then the client knows nothing.
      () => this.#later(20, () => (this.#random.chance(0.05) ? tell("unknown") : tell("accepted", at))),
      (error: unknown) =>
        this.#later(20, () => tell(error instanceof CommitFullError ? "refused" : "unknown")),
    );
  }

  /** A commit: stored or not, heard of or not, in every combination. */
  #store(votes: readonly AcceptedVote[], joining: Joining): Promise<void> {
    const commit = JSON.stringify(toVoteJob(votes));
    return new Promise((resolve, reject) => {
      this.#later(30, () => {
        const stored = this.#random.chance(0.97);
        if (stored) {
          if (joining.job === undefined) this.#deliver(commit, joining);
          else joining.job.push(commit);
        }
        const heard = stored && this.#random.chance(0.97);
        this.#later(30, () => (heard ? resolve() : reject(new Error("no answer"))));
      });
    });
  }

  /**
   * A worker takes the job with all that joined it, and sometimes another one takes it once more; each page's votes are one
   * atomic step.
   */
  #deliver(commit: string, joining: Joining): void {
    const job = [commit];
    joining.job = job;
    const times = this.#random.chance(0.1) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      this.#later(40, () => {
        if (joining.job === job) joining.job = undefined;
        const votes = job.flatMap((joined) => fromVoteJob(JSON.parse(joined)));
        for (const page of new Set(votes.map((vote) => vote.page))) {
          this.#later(10, () => {
            if (
              this.#tally.apply(
                page,
                votes.filter((vote) => vote.page === page),
              )
            )
              this.#publish(page);
          });
        }
      });
    }
  }

  #publish(page: string): void {
    const counts = this.#tally.counts(page);
    const times = this.#random.pick([0, 1, 1, 1, 1, 1, 1, 1, 2]);
    for (let time = 0; time < times; time++) this.#later(15, () => this.#pushes.get(page)?.hear(counts));
  }

  #push(counts: PageCounts): void {
    for (const viewer of this.#viewers) {
      if (this.#random.chance(0.002)) this.#reconnect(viewer);
      const connection = viewer.connections;
      this.#send(viewer, () => {
        if (viewer.connections !== connection) return;
        this.#history.seen.push({
          connection: `${viewer.name}.${connection}`,
          seen_ms: this.#time(),
          counts,
        });
        this.#show(viewer, counts);
      });
    }
  }

  /** What was under way to the viewer is lost; it watches again and is told the counts of that moment. */
  #reconnect(viewer: Viewer): void {
    viewer.connections++;
    for (const page of PAGES) {
      const counts = this.#tally.counts(page);
      this.#later(20, () => {
        this.#pushes.get(page)?.hear(counts);
        const connection = viewer.connections;
        this.#send(viewer, () => {
          if (viewer.connections !== connection) return;
          this.#history.seen.push({
            connection: `${viewer.name}.${connection}`,
            seen_ms: this.#time(),
            counts,
            answer: true,
          });
          this.#show(viewer, counts);
        });
      });
    }
  }

  #send(viewer: Viewer, arrive: () => void): void {
    const now_ms = this.#scheduler.now_ms;
    viewer.arrives_ms = Math.max(viewer.arrives_ms, now_ms + this.#random.next() * 30);
    this.#scheduler.after(viewer.arrives_ms - now_ms, arrive);
  }

  /** As services/widget/follow-counts.ts does. */
  #show(viewer: Viewer, counts: PageCounts): void {
    if (isNewer(counts, viewer.shown.get(counts.page))) viewer.shown.set(counts.page, counts);
  }

  /** What was read is heard a moment later; other news may have come in between. */
  #check(): void {
    for (const [page, push] of this.#pushes) {
      const counts = this.#tally.counts(page);
      this.#later(20, () => push.hear(counts));
    }
    if (this.#voting) this.#later(CHECK_PAUSE_MS, () => this.#check());
  }

  #time(): number {
    return 1_000_000 + this.#scheduler.now_ms;
  }
}
