/** A realtime process: watches pages and tells viewers as the service does; only socket.io and Redis are models. */
import { Viewer } from "../../services/realtime/viewer.ts";
import { nameOf, WatchedPages } from "../../services/realtime/watched-pages.ts";
import { type PageCounts, parsePageCounts } from "../../shared/contract/counts.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";
import type { HearTotals } from "../../shared/tallies/page-feed.ts";
import type { History } from "../faults/rig/history.ts";
import type { Network } from "./network.ts";
import type { TallyModel } from "./tally-model.ts";
import { type Answer, type LineEnd, ViewerLine } from "./viewer-line.ts";
import { BEGAN_MS } from "./vote-intake.ts";
import type { Hear, VoteAck, VoteRequests } from "./vote-requests.ts";

/** What there is of a connection here. */
interface Guest {
  readonly viewer: Viewer;
  readonly rooms: Set<string>;
  /** In the history: another one for each watch. */
  name: string;
}

export class Realtime implements LineEnd {
  readonly #network: Network;
  readonly #history: History;
  readonly #tally: TallyModel;
  readonly #requests: VoteRequests;
  readonly #watched: WatchedPages;
  readonly #guests = new Map<ViewerLine, Guest>();
  readonly #feed = new Map<string, HearTotals>();
  #watches = 0;

  constructor(network: Network, history: History, tally: TallyModel, requests: VoteRequests) {
    this.#network = network;
    this.#history = history;
    this.#tally = tally;
    this.#requests = requests;
    const { scheduler, random } = network;
    this.#watched = new WatchedPages({
      feed: {
        follow: async (_site, page, hear) => void this.#feed.set(page, hear),
        unfollow: async (_site, page) => void this.#feed.delete(page),
        renew: async () => {},
      },
      read: (_site, pages) => network.command(() => pages.map((page) => tally.counts(page))),
      beginAnew: () => Promise.reject(new Error("Redis lost nothing here")),
      send: (_site, counts) => this.#send(counts),
      onMerged: () => {},
      onHealed: () => {},
      times: {
        now_ms: () => scheduler.now_ms,
        // Timers fire early or late now and then.
        after: (pause_ms, run) => scheduler.after(Math.max(0, pause_ms + random.below(5) - 1), run),
        afterTurn: (run) => run(),
      },
    });
  }

  /** As `dial` has it. */
  readonly dial = async (
    _address: string,
    hear: (data: unknown) => void,
    closed: () => void,
  ): Promise<ViewerLine> => {
    const line = new ViewerLine(this.#network, this, hear, closed);
    const rooms = new Set<string>();
    const socket = {
      data: { site: OPEN_SITE, address: "192.0.2.1" },
      join: async (names: string | string[]) => void [names].flat().map((name) => rooms.add(name)),
      leave: async (name: string) => void rooms.delete(name),
    };
    this.#guests.set(line, { viewer: new Viewer(socket, this.#watched), rooms, name: "" });
    if (this.#network.mishap(0.03)) this.#network.later(50, () => line.break());
    return line;
  };

  /** Redis publishes the counts of a page, and what it publishes may get lost or come twice. */
  publish(page: string): void {
    const { epoch, rev, state, counts } = this.#tally.counts(page);
    const totals = { epoch, rev, state, totals: Object.values(counts) };
    const { random } = this.#network;
    // Never promised: what is lost at the very end is what checks are there for.
    const times = random.chance(0.1) ? 0 : random.chance(0.1) ? 2 : 1;
    for (let time = 0; time < times; time++) this.#network.later(15, () => this.#feed.get(page)?.(totals));
  }

  /** What is done now and then, and after each reconnect to Redis. */
  async check(): Promise<void> {
    // When Redis does not answer the next check heals what this one would have.
    await this.#watched.check().catch((error: Error) => {
      if (error.message !== "no answer") throw error;
    });
  }

  watch(line: ViewerLine, pages: readonly string[], answer: Answer): void {
    const guest = this.#guests.get(line);
    if (guest === undefined) return;
    guest.name = `watch ${this.#watches++}`;
    guest.viewer.watch(pages).then(
      (counts) => answer({ ok: true, pages: counts }),
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        answer({ ok: false, problem: error.problem });
      },
    );
  }

  asksVote(payload: unknown): Hear {
    return this.#requests.asks(parseVoteRequest(payload), "socket");
  }

  vote(payload: unknown, answer: (ack: VoteAck) => void): void {
    this.#requests.arrive(parseVoteRequest(payload), "socket", answer);
  }

  ended(line: ViewerLine): void {
    this.#guests.get(line)?.viewer.leave();
    this.#guests.delete(line);
  }

  #send(counts: PageCounts): void {
    for (const [line, { rooms, name }] of this.#guests) {
      if (!rooms.has(nameOf(OPEN_SITE, counts.page))) continue;
      if (this.#network.mishap(0.002)) line.break();
      const told = parsePageCounts(JSON.parse(JSON.stringify(counts)));
      if (told === undefined) throw new Error("counts that no client takes");
      line.emit("counts", told, () =>
        this.#history.seen.push({
          connection: name,
          seen_ms: BEGAN_MS + this.#network.scheduler.now_ms,
          counts: told,
        }),
      );
    }
  }
}
