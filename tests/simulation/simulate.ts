/**
 * The way of a vote in one process, under a scheduler that delays, reorders, doubles and loses messages. From the reader's press to
 * the counts that are shown everything is the service's own code, but for what belongs to others: browsers' and Node's network, BullMQ,
 * Redis and its scripts are models. tests/property/simulated-tally.test.ts holds that of the tally against the real one.
 */
import type { AcceptedVote } from "../../shared/votes/vote-job.ts";
import { type FinalState, History } from "../faults/rig/history.ts";
import type { Random } from "../faults/rig/random.ts";
import { Network } from "./network.ts";
import { QueueModel } from "./queue-model.ts";
import { Reader, type ReaderWorld } from "./reader.ts";
import { Realtime } from "./realtime.ts";
import { Scheduler } from "./scheduler.ts";
import { TallyModel } from "./tally-model.ts";
import { TallyWorker } from "./tally-worker.ts";
import { BEGAN_MS, VoteIntake } from "./vote-intake.ts";
import { tokenOf, VoteRequests } from "./vote-requests.ts";

const SHARDS = 3;
const APIS = 2;
const WORKERS = 2;
const READERS = 40;
/** Of them. More would make most messages the same counts to one more. */
const WATCHING = 4;
const PAGES = ["a", "b", "c", "d"];
const CHECK_PAUSE_MS = 30_000;
/** Longer than anything is late, and than any pause between two tries. */
const REST_MS = 600_000;

/** A call of the tally, as it was made. */
export interface TallyCall {
  readonly page: string;
  readonly votes: readonly AcceptedVote[];
}

export interface Simulated {
  readonly history: History;
  readonly final: FinalState;
  readonly calls: readonly TallyCall[];
  /** Readers whose last press is not held, and jobs that are not done: none, once all is quiet. */
  readonly unfinished: number;
}

/** Votes for `steps` steps, then lets everything come to rest. */
export async function simulate(random: Random, steps: number): Promise<Simulated> {
  return await new Simulation(random).run(steps);
}

class Simulation {
  readonly #scheduler = new Scheduler();
  readonly #network: Network;
  readonly #history = new History();
  readonly #tally = new TallyModel();
  readonly #calls: TallyCall[] = [];
  readonly #queues: readonly QueueModel[];
  readonly #workers: readonly TallyWorker[];
  readonly #world: ReaderWorld;
  readonly #readers: Reader[] = [];
  #voters = 0;
  #voting = true;

  constructor(random: Random) {
    const network = new Network(random, this.#scheduler);
    this.#network = network;
    this.#queues = Array.from({ length: SHARDS }, () => {
      const queue: QueueModel = new QueueModel((key) => this.#deliver(queue, key));
      return queue;
    });
    const intakes = Array.from(
      { length: APIS },
      (_, api) => new VoteIntake(`api ${api}`, network, this.#queues),
    );
    const requests = new VoteRequests(network, this.#history, intakes);
    const realtime = new Realtime(network, this.#history, this.#tally, requests);
    this.#workers = Array.from(
      { length: WORKERS },
      () => new TallyWorker(network, (page, votes) => this.#apply(page, votes)),
    );
    this.#world = { network, requests, realtime, pages: PAGES };
  }

  async run(steps: number): Promise<Simulated> {
    for (let place = 0; place < READERS; place++) this.#sit(place);
    this.#checkSoon();
    for (let step = 0; step < steps; step++) await this.#scheduler.step();
    this.#voting = false;
    this.#network.calm = true;
    await this.#pass(REST_MS);
    // What the periodic check is there for: the last messages may have been lost.
    await Promise.all([this.#world.realtime.check(), this.#pass(REST_MS)]);
    const shown = this.#readers.flatMap((reader, place) =>
      reader.shown.map((counts) => ({ viewer: `reader ${place}`, counts })),
    );
    const viewers = Array.from({ length: WATCHING }, (_, place) => `reader ${place}`);
    const pages = PAGES.map((page) => this.#tally.counts(page));
    const jobs = this.#queues.reduce((sum, { size }) => sum + size, 0);
    return {
      history: this.#history,
      final: {
        read_ms: BEGAN_MS + this.#scheduler.now_ms,
        pages,
        records: this.#tally.records,
        viewers,
        shown,
      },
      calls: this.#calls,
      unfinished: jobs + this.#readers.filter(({ pending }) => pending).length,
    };
  }

  async #pass(time_ms: number): Promise<void> {
    const until_ms = this.#scheduler.now_ms + time_ms;
    while ((this.#scheduler.next_ms ?? Number.POSITIVE_INFINITY) <= until_ms) await this.#scheduler.step();
  }

  /** Another reader takes a place, presses a few times, and gives it up. */
  #sit(place: number): void {
    const reader = new Reader(this.#world, tokenOf(this.#voters++), place < WATCHING);
    this.#readers[place] = reader;
    this.#pressSoon(reader, place, 1 + this.#network.random.below(8));
  }

  #pressSoon(reader: Reader, place: number, presses: number): void {
    this.#network.later(200, () => {
      if (!this.#voting) return;
      if (this.#network.mishap(0.02)) reader.lookAway();
      if (presses > 0) {
        reader.press();
        this.#pressSoon(reader, place, presses - 1);
      } else {
        reader.leave();
        this.#sit(place);
      }
    });
  }

  /** A worker takes a job, and sometimes another one takes it once more, while the first has it or after it failed to say so. */
  #deliver(queue: QueueModel, key: string): void {
    const { random } = this.#network;
    const times = this.#network.mishap(0.1) ? 2 : 1;
    for (let time = 0; time < times; time++)
      this.#network.later(40, () => void random.pick(this.#workers).work(queue, key));
  }

  #apply(page: string, votes: readonly AcceptedVote[]): void {
    this.#calls.push({ page, votes });
    if (this.#tally.apply(page, votes)) this.#world.realtime.publish(page);
  }

  #checkSoon(): void {
    this.#scheduler.after(CHECK_PAUSE_MS, () => {
      if (!this.#voting) return;
      void this.#world.realtime.check();
      this.#checkSoon();
    });
  }
}
