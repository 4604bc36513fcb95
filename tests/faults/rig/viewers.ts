/** Viewers of pages: follow counts as the widget does, and write down all counts that they were told. */
import { io } from "socket.io-client";
import { isNewer, type PageCounts } from "../../../shared/contract/counts.ts";
import type { ReaderSocket } from "../../support/reader-socket.ts";
import { now_ms } from "./clock.ts";
import type { CountsSeen, FinalState, History } from "./history.ts";

export class Viewers {
  /** Each watches all pages. */
  readonly names: readonly string[];
  readonly #sockets: ReaderSocket[] = [];
  readonly #shown = new Map<string, { readonly viewer: string; readonly counts: PageCounts }>();

  /** @param realtimes each gets `viewers` of its own */
  constructor(realtimes: readonly string[], viewers: number, pages: readonly string[], history: History) {
    for (const url of realtimes) {
      for (let n = 0; n < viewers; n++) {
        const socket: ReaderSocket = io(url, {
          transports: ["websocket"],
          auth: { site: "default" },
          forceNew: true,
          reconnectionDelay: 100,
          reconnectionDelayMax: 500,
        });
        const viewer = `viewer ${this.#sockets.length}`;
        const note = (what: string): void => void history.connections.push({ viewer, at_ms: now_ms(), what });
        socket.on("connect", () => note("connected"));
        socket.on("connect_error", ({ message }) =>
          note(`not connected: ${message}, active: ${socket.active}`),
        );
        socket.on("disconnect", (reason) => note(`disconnected: ${reason}`));
        socket.io.on("reconnect_attempt", (attempt) => note(`attempt ${attempt}`));
        socket.io.on("open", () => note("open"));
        this.#follow(viewer, socket, pages, history, note);
        this.#sockets.push(socket);
      }
    }
    this.names = this.#sockets.map((_, n) => `viewer ${n}`);
  }

  /** Shows what is newer, as every client does, and asks again after every reconnect. */
  #follow(
    viewer: string,
    socket: ReaderSocket,
    pages: readonly string[],
    history: History,
    note: (what: string) => void,
  ): void {
    // A watch that was refused and asked for again begins anew, as a connection does.
    let watches = 0;
    const take = (counts: PageCounts, seen: Pick<CountsSeen, "connection" | "asked_ms">): void => {
      history.seen.push({ ...seen, seen_ms: now_ms(), counts });
      const name = `${viewer}\n${counts.page}`;
      if (isNewer(counts, this.#shown.get(name)?.counts)) this.#shown.set(name, { viewer, counts });
    };
    const watch = (): void => {
      const connection = `${viewer}.${++watches}`;
      const asked_ms = now_ms();
      socket.emit("watch", { pages }, (ack) => {
        note(`watch ${ack.ok ? "answered" : ack.problem.code}`);
        if (ack.ok) for (const counts of ack.pages) take(counts, { connection, asked_ms });
        else if (ack.problem.retryable) setTimeout(watch, 300);
      });
    };
    socket.on("counts", (counts) => take(counts, { connection: `${viewer}.${watches}` }));
    socket.on("connect", watch);
  }

  /** What each viewer shows now. */
  get shown(): FinalState["shown"] {
    return [...this.#shown.values()];
  }

  leave(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}
