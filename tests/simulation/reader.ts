/** A reader with the pages open: client library and widget as browsers run them, without what draws. */
import { followCounts } from "../../services/widget/follow-counts.ts";
import { ReaderPage } from "../../services/widget/reader-page.ts";
import { retryPause_ms } from "../../services/widget/retry-pause.ts";
import { HttpReactions } from "../../shared/client/http-reactions.ts";
import { Live } from "../../shared/client/live.ts";
import { ANSWER_MS_MAX } from "../../shared/client/request.ts";
import { errorOf, unreachable } from "../../shared/client/service-error.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import type { Network } from "./network.ts";
import type { Realtime } from "./realtime.ts";
import type { VoteRequests } from "./vote-requests.ts";

/** What all readers of a world share. */
export interface ReaderWorld {
  readonly network: Network;
  readonly requests: VoteRequests;
  readonly realtime: Realtime;
  readonly pages: readonly string[];
}

export class Reader {
  readonly #world: ReaderWorld;
  readonly #pages: readonly ReaderPage[];
  readonly #live: Live | undefined;
  readonly #ends: readonly (() => void)[];
  #tries = 0;
  #retrying = false;
  #gone = false;

  /** @param watching whether counts come live and votes go over the socket; else as before the widget's later part has loaded */
  constructor(world: ReaderWorld, token: string, watching: boolean) {
    this.#world = world;
    const { scheduler, random } = world.network;
    const client = new SimulatedClient(world, token);
    const keeper = {
      keep: () => {},
      told: (_: ReaderPage, { error }: { readonly error?: { readonly retryable: boolean } }) => {
        if (error?.retryable === true) this.#retrySoon();
        else this.#tries = 0;
      },
    };
    this.#pages = world.pages.map((page) => new ReaderPage(page, { client, keeper }));
    const live = watching
      ? new Live(client, {
          dial: world.realtime.dial,
          after: (pause_ms, run) => scheduler.after(pause_ms, run),
          random: () => random.next(),
        })
      : undefined;
    this.#live = live;
    client.road = live;
    this.#ends = this.#pages.flatMap((page) =>
      live === undefined ? [] : [followCounts(live, page.page, page.choice, () => page.draw())],
    );
  }

  /** What is shown of each page; nothing without live counts. */
  get shown(): readonly PageCounts[] {
    return this.#pages.flatMap(({ choice }) => choice.counts ?? []);
  }

  /** Whether the service may hold something else than what this reader wants. */
  get pending(): boolean {
    return this.#pages.some(({ choice }) => choice.pending);
  }

  /** Presses a button: the one that is pressed already withdraws. */
  press(): void {
    const { random } = this.#world.network;
    random.pick(this.#pages).press(random.pick(DEFAULT_REACTIONS));
  }

  /** Looks at another tab for a moment. */
  lookAway(): void {
    this.#live?.rest();
    this.#world.network.later(1_000, () => {
      if (!this.#gone) this.#live?.wake();
    });
  }

  /** Closes the pages; what was not answered is not sent again. */
  leave(): void {
    this.#gone = true;
    for (const end of this.#ends) end();
  }

  /** As `PatientKeeper` does. */
  #retrySoon(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    const { scheduler, random } = this.#world.network;
    scheduler.after(retryPause_ms(++this.#tries, 0, random.next()), () => {
      this.#retrying = false;
      if (!this.#gone) for (const page of this.#pages) page.send();
    });
  }
}

/** The client's own code down to the request over HTTP. */
class SimulatedClient extends HttpReactions {
  readonly #world: ReaderWorld;

  constructor(world: ReaderWorld, token: string) {
    super({ endpoint: "http://service", voter: { get: () => token, set: () => {} } });
    this.#world = world;
  }

  override async post(_route: string, body: object): Promise<unknown> {
    const { network, requests } = this.#world;
    const vote = parseVoteRequest(body);
    const hear = requests.asks(vote, "http");
    return await new Promise((resolve, reject) => {
      const giveUp = network.scheduler.after(ANSWER_MS_MAX, () => reject(unreachable()));
      network.later(20, () =>
        requests.arrive(vote, "http", (ack) => {
          for (let answers = requests.answers; answers > 0; answers--)
            network.later(20, () => {
              giveUp();
              hear(ack);
              if (ack.ok) resolve(ack);
              else reject(errorOf(ack.problem, 503));
            });
        }),
      );
    });
  }
}
