/** Live counts over one socket: the part of the client that loads with the first watcher. */
import { isNewer, type PageCounts } from "../contract/counts.ts";
import { isObject } from "../contract/object.ts";
import { isPageId, PAGES_MAX } from "../contract/page-id.ts";
import { EventSocket } from "./event-socket.ts";
import type { HttpReactions } from "./http-reactions.ts";
import { ANSWER_MS_MAX } from "./request.ts";
import { SURROUNDINGS, type Surroundings } from "./surroundings.ts";

type Hear = (counts: PageCounts) => void;

interface Watcher {
  readonly pages: ReadonlySet<string>;
  readonly hear: Hear;
}

export class Live {
  readonly #socket: EventSocket;
  readonly #parse: HttpReactions["parseCounts"];
  readonly #surroundings: Surroundings;
  readonly #watchers = new Set<Watcher>();
  /** What watchers were told last, by page. */
  readonly #newest = new Map<string, PageCounts>();
  /** Pages that the service was asked to send. */
  #asked = new Set<string>();
  #settling = false;
  #resting = false;
  #cancelRetry: (() => void) | undefined;
  /** Called once the pages of the handshake were answered, or nobody waits for that any more. */
  #answerCame: (() => void) | undefined;

  constructor(
    { endpoint, site, parseCounts }: Pick<HttpReactions, "endpoint" | "site" | "parseCounts">,
    surroundings = SURROUNDINGS,
  ) {
    this.#parse = parseCounts;
    this.#surroundings = surroundings;
    let first: readonly string[] = [];
    this.#socket = new EventSocket(
      {
        endpoint,
        namespace: "",
        auth: () => {
          first = [...this.#wanted].slice(0, PAGES_MAX);
          this.#asked = new Set(first);
          return { site, pages: first };
        },
        // Not all readers of a service that comes back knock in the same second.
        pauseMax_ms: 20_000,
        spread: 0.7,
      },
      {
        connected: () => {
          this.#answerCame?.();
          // An older service does not see those pages and never answers; it knows `watch`.
          this.#answerCame = surroundings.after(ANSWER_MS_MAX, () => this.#answered(first, undefined));
          this.#settle();
        },
        event: (name, message) => {
          if (name === "counts") this.#take(message);
          if (name !== "watched") return;
          this.#answerCame?.();
          this.#answered(first, message);
        },
      },
      surroundings,
    );
  }

  /** See `Reactions.watch`. */
  watch(pages: readonly string[], hear: Hear): () => void {
    const watcher = { pages: new Set(pages.filter(isPageId)), hear };
    this.#watchers.add(watcher);
    for (const page of watcher.pages) {
      const counts = this.#newest.get(page);
      if (counts !== undefined) hear(counts);
    }
    this.#settleSoon();
    return () => {
      if (this.#watchers.delete(watcher)) this.#settleSoon();
    };
  }

  /** Sends an event: see `EventSocket.ask`. */
  ask(event: "voter" | "vote", payload: object): Promise<unknown> {
    return this.#socket.ask(event, payload);
  }

  rest(): void {
    this.#resting = true;
    this.#close();
  }

  wake(): void {
    this.#resting = false;
    // Not at the end of a long pause between two tries, but now.
    if (!this.#socket.connected) this.#close();
    this.#settleSoon();
  }

  /** After all that happens in this task: many bars come and go together, and one that moves in the page goes and comes. */
  #settleSoon(): void {
    if (this.#settling) return;
    this.#settling = true;
    queueMicrotask(() => {
      this.#settling = false;
      this.#settle();
    });
  }

  get #wanted(): Set<string> {
    return new Set([...this.#watchers].flatMap(({ pages }) => [...pages]));
  }

  /** Makes what the service is asked for equal to what watchers want. */
  #settle(): void {
    if (this.#resting) return;
    const wanted = this.#wanted;
    for (const page of this.#newest.keys()) if (!wanted.has(page)) this.#newest.delete(page);
    if (wanted.size === 0) this.#close();
    else if (!this.#socket.connected) this.#socket.open();
    else this.#ask(wanted);
  }

  #ask(wanted: ReadonlySet<string>): void {
    const gone = [...this.#asked].filter((page) => !wanted.has(page));
    for (const page of gone) this.#asked.delete(page);
    if (gone.length > 0) void this.#socket.ask("unwatch", { pages: gone });
    const room = PAGES_MAX - this.#asked.size;
    const pages = [...wanted].filter((page) => !this.#asked.has(page)).slice(0, room);
    if (pages.length > 0) void this.#watch(pages);
  }

  async #watch(pages: readonly string[]): Promise<void> {
    for (const page of pages) this.#asked.add(page);
    this.#answered(pages, await this.#socket.ask("watch", { pages }));
  }

  #answered(pages: readonly string[], ack: unknown): void {
    const { ok, pages: counts, problem } = isObject(ack) ? ack : {};
    if (ok === true) {
      for (const entry of Array.isArray(counts) ? counts : []) this.#take(entry);
      return;
    }
    if (isObject(problem) && problem.retryable === false) return;
    // Redis is away, or the socket has gone. Ask again, but not all viewers in the same moment.
    for (const page of pages) this.#asked.delete(page);
    this.#cancelRetry?.();
    const { after, random } = this.#surroundings;
    if (this.#socket.connected) this.#cancelRetry = after(500 + random() * 2_000, () => this.#settle());
  }

  #take(message: unknown): void {
    const counts = this.#parse(message);
    if (counts === undefined || !isNewer(counts, this.#newest.get(counts.page))) return;
    const told = [...this.#watchers].filter(({ pages }) => pages.has(counts.page));
    if (told.length > 0) this.#newest.set(counts.page, counts);
    for (const { hear } of told) hear(counts);
  }

  #close(): void {
    this.#cancelRetry?.();
    this.#answerCame?.();
    this.#socket.close();
  }
}
