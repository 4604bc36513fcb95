/**
 * Clients that vote, switch, withdraw, send again and read their vote, over HTTP and sockets, at a steady rate until told to
 * stop, and write down what they were told. Each client is one voter after another: few votes a voter, so that a lost one shows in the end.
 */
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import { DEFAULT_REACTIONS } from "../../../shared/contract/reactions.ts";
import type { ReaderSocket } from "../../support/reader-socket.ts";
import { addressOfVoter } from "./address-of-voter.ts";
import { askOverHttp, askOverSocket } from "./ask-vote.ts";
import { now_ms } from "./clock.ts";
import type { History, Outcome } from "./history.ts";
import { inTurn } from "./parts-of-bed.ts";
import type { Random } from "./random.ts";
import { readMine } from "./read-mine.ts";
import { makeVoter } from "./voters.ts";

export interface CrowdPlan {
  readonly clients: number;
  /** All clients together. */
  readonly votesASecond: number;
  readonly pages: readonly string[];
  readonly apis: readonly string[];
  /** Realtime services; none: HTTP only. */
  readonly realtimes: readonly string[];
  /** Whether each voter says where they come from, as a proxy would; then each client has a socket of its own, for what comes over one is limited. */
  readonly addresses?: boolean;
}

/** A socket that votes go over. */
interface Line {
  /** Where it leads to. */
  readonly realtime: string;
  readonly socket: ReaderSocket;
}

/** One press in seven withdraws; null stands for it. */
const CHOICES = [...DEFAULT_REACTIONS, ...DEFAULT_REACTIONS.slice(0, 2), null];
const VOTES_A_VOTER_MAX = 4;
const RETRY_PAUSE_MS = 100;

/** How often a voter reads back what they hold, after a vote that is tallied and after any other. */
const READS = { tallied: 0.5, otherwise: 0.01 };

export class Crowd {
  readonly #plan: CrowdPlan;
  readonly #random: Random;
  readonly #history: History;
  readonly #lines: readonly Line[];
  readonly #clients: readonly Promise<void>[];
  #stopping = false;

  /** Begins at once. */
  constructor(plan: CrowdPlan, random: Random, history: History) {
    this.#plan = plan;
    this.#random = random;
    this.#history = history;
    const sockets =
      plan.addresses === true && plan.realtimes.length > 0 ? plan.clients : plan.realtimes.length;
    this.#lines = Array.from({ length: sockets }, (_, n) => {
      const realtime = inTurn(n, plan.realtimes);
      const socket: ReaderSocket = io(realtime, {
        extraHeaders: this.#origin(`socket ${n}`),
        transports: ["websocket"],
        auth: { site: "default" },
        forceNew: true,
        reconnectionDelayMax: 500,
      });
      return { realtime, socket };
    });
    this.#clients = Array.from({ length: plan.clients }, () => this.#be());
  }

  /** Resolves when every client has heard of its last vote. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#clients);
    for (const { socket } of this.#lines) socket.disconnect();
  }

  async #be(): Promise<void> {
    const pause_ms = (this.#plan.clients / this.#plan.votesASecond) * 1_000;
    while (!this.#stopping) {
      const voter = makeVoter();
      for (let votes = 1 + this.#random.below(VOTES_A_VOTER_MAX); votes > 0 && !this.#stopping; votes--) {
        const began_ms = performance.now();
        await this.#press(voter);
        const left_ms = pause_ms * 2 * this.#random.next() - (performance.now() - began_ms);
        if (left_ms > 0) await pause(left_ms);
      }
    }
  }

  /** One press of a button, sent again until its outcome is known, as the widget does; sometimes the reader goes away first. */
  async #press(voter: string): Promise<void> {
    const page = this.#random.pick(this.#plan.pages);
    const reaction = this.#random.pick(CHOICES);
    const patient = this.#random.chance(0.8);
    const twice = this.#random.chance(0.1);
    for (;;) {
      const sent = [this.#vote(voter, page, reaction), ...(twice ? [this.#vote(voter, page, reaction)] : [])];
      const outcomes = await Promise.all(sent);
      const reads = this.#random.chance(outcomes.includes("tallied") ? READS.tallied : READS.otherwise);
      if (reads) await this.#read(voter, page);
      if (!outcomes.includes("unknown") || !patient || this.#stopping) return;
      await pause(RETRY_PAUSE_MS);
    }
  }

  /** Nothing is written down when there is no answer: it proves nothing. */
  async #read(voter: string, page: string): Promise<void> {
    const began_ms = now_ms();
    const pages = await readMine(this.#random.pick(this.#plan.apis), voter, [page]).catch(() => []);
    for (const { reaction } of pages)
      this.#history.reads.push({ voter, page, reaction, began_ms, ended_ms: now_ms() });
  }

  /** What a proxy would say of where a voter comes from. */
  #origin(voter: string): Readonly<Record<string, string>> {
    return this.#plan.addresses === true ? { "x-forwarded-for": addressOfVoter(voter) } : {};
  }

  async #vote(voter: string, page: string, reaction: string | null): Promise<Outcome> {
    const vote = { page, reaction, voter };
    const line =
      this.#lines.length > 0 && this.#random.chance(0.3) ? this.#random.pick(this.#lines) : undefined;
    if (line?.socket.connected === true)
      return await askOverSocket(this.#history, line.realtime, line.socket, vote);
    const headers = {
      ...this.#origin(voter),
      ...(this.#random.chance(0.05) ? { prefer: "wait=2" } : {}),
    };
    return await askOverHttp(this.#history, this.#random.pick(this.#plan.apis), vote, headers);
  }
}
