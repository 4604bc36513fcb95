/** Live counts over one socket: the part of the client that is large, for socket.io is. */
import { io, type Socket } from "socket.io-client";
import { isNewer, type PageCounts, parsePageCounts } from "../contract/counts.ts";
import type { ClientEvents, ServerEvents } from "../contract/events.ts";
import { isPageId, PAGES_MAX } from "../contract/page-id.ts";
import { ANSWER_MS_MAX } from "./request.ts";
import { errorOf, isRetryable, unreachable } from "./service-error.ts";

/** A socket as clients have it. */
export type ReaderSocket = Socket<ServerEvents, ClientEvents>;

type Hear = (counts: PageCounts) => void;

interface Watcher {
  readonly pages: ReadonlySet<string>;
  readonly hear: Hear;
}

export class Live {
  readonly #socket: ReaderSocket;
  readonly #watchers = new Set<Watcher>();
  /** What watchers were told last, by page. */
  readonly #newest = new Map<string, PageCounts>();
  /** Pages that the service was asked to send. */
  #asked = new Set<string>();
  #settling = false;
  #resting = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** @param endpoint without a slash at its end */
  constructor(endpoint: string, site: string) {
    const { origin, pathname } = new URL(endpoint);
    this.#socket = io(origin, {
      path: `${pathname.replace(/\/$/, "")}/socket.io`,
      transports: ["websocket"],
      auth: { site },
      autoConnect: false,
      forceNew: true,
      // Not all readers of a service that comes back knock in the same second.
      reconnectionDelayMax: 20_000,
      randomizationFactor: 0.7,
    });
    this.#socket.on("counts", (counts) => this.#take(counts));
    this.#socket.on("connect", () => {
      this.#asked = new Set();
      this.#settle();
    });
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

  /**
   * Sends an event if the socket is open.
   * @returns what came with the ack, or undefined: then take another road
   */
  ask(event: "voter" | "vote", payload: object): Promise<unknown> | undefined {
    return this.#socket.connected ? this.#emit(event, payload) : undefined;
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

  /** Makes what the service is asked for equal to what watchers want. */
  #settle(): void {
    if (this.#resting) return;
    const wanted = new Set([...this.#watchers].flatMap(({ pages }) => [...pages]));
    for (const page of this.#newest.keys()) if (!wanted.has(page)) this.#newest.delete(page);
    if (wanted.size === 0) this.#close();
    // Does nothing while it connects.
    else if (!this.#socket.connected) this.#socket.connect();
    else this.#ask(wanted);
  }

  #ask(wanted: ReadonlySet<string>): void {
    const gone = [...this.#asked].filter((page) => !wanted.has(page));
    for (const page of gone) this.#asked.delete(page);
    if (gone.length > 0) this.#emit("unwatch", { pages: gone }).catch(() => {});
    const room = PAGES_MAX - this.#asked.size;
    const pages = [...wanted].filter((page) => !this.#asked.has(page)).slice(0, room);
    if (pages.length > 0) void this.#watch(pages);
  }

  async #watch(pages: readonly string[]): Promise<void> {
    for (const page of pages) this.#asked.add(page);
    try {
      const { pages: counts } = await this.#emit("watch", { pages });
      for (const entry of Array.isArray(counts) ? counts : []) this.#take(entry);
    } catch (error) {
      if (!isRetryable(error)) return;
      // Redis is away, or the socket has gone. Ask again, but not all viewers in the same moment.
      for (const page of pages) this.#asked.delete(page);
      clearTimeout(this.#retry);
      if (this.#socket.connected) this.#retry = setTimeout(() => this.#settle(), 500 + Math.random() * 2_000);
    }
  }

  async #emit(event: keyof ClientEvents, payload: object): Promise<Record<string, unknown>> {
    let ack: Record<string, unknown>;
    try {
      ack = await this.#socket.timeout(ANSWER_MS_MAX).emitWithAck(event, payload);
    } catch {
      throw unreachable();
    }
    if (ack.ok === true) return ack;
    throw errorOf(ack.problem, 503);
  }

  #take(message: unknown): void {
    const counts = parsePageCounts(message);
    if (counts === undefined || !isNewer(counts, this.#newest.get(counts.page))) return;
    const told = [...this.#watchers].filter(({ pages }) => pages.has(counts.page));
    if (told.length > 0) this.#newest.set(counts.page, counts);
    for (const { hear } of told) hear(counts);
  }

  #close(): void {
    clearTimeout(this.#retry);
    this.#asked = new Set();
    this.#socket.disconnect();
  }
}
