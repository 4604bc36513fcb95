/** The socket of a client, whose code loads with the first watcher. */
import type { PageCounts } from "../contract/counts.ts";
import type { FastRoad, HttpReactions } from "./http-reactions.ts";
import type { Live } from "./live.ts";

export class LiveRoad implements FastRoad {
  readonly #client: HttpReactions;
  #loading: Promise<Live> | undefined;
  #live: Live | undefined;
  #resting = false;

  constructor(client: HttpReactions) {
    this.#client = client;
  }

  /** See `Reactions.watch`. */
  watch(pages: readonly string[], hear: (counts: PageCounts) => void): () => void {
    let leave: (() => void) | undefined;
    let left = false;
    this.#loading ??= this.#load();
    this.#loading.then(
      (live) => {
        if (!left) leave = live.watch(pages, hear);
      },
      // The code could not be loaded; whoever watches next tries again.
      () => {
        this.#loading = undefined;
      },
    );
    return () => {
      left = true;
      leave?.();
    };
  }

  ask(event: "voter" | "vote", payload: object): Promise<unknown> | undefined {
    return this.#live?.ask(event, payload);
  }

  /** See `Reactions.rest`. */
  rest(): void {
    this.#resting = true;
    this.#live?.rest();
  }

  /** See `Reactions.wake`. */
  wake(): void {
    this.#resting = false;
    this.#live?.wake();
  }

  async #load(): Promise<Live> {
    const { Live } = await import("./live.ts");
    this.#live = new Live(this.#client);
    if (this.#resting) this.#live.rest();
    return this.#live;
  }
}
