/** Viewers of pages: follow counts as the widget does, and write down every message that they were sent. */
import { io } from "socket.io-client";
import { isNewer, type PageCounts } from "../../../shared/contract/counts.ts";
import type { ReaderSocket } from "../../support/reader-socket.ts";
import type { FinalState, History } from "./history.ts";

export class Viewers {
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
        // A watch that was refused and asked for again begins anew, as a connection does.
        let watches = 0;
        socket.onAnyOutgoing((event) => {
          if (event === "watch") watches++;
        });
        socket.on("counts", (counts) =>
          history.seen.push({ connection: `${viewer}.${watches}`, seen_ms: Date.now(), counts }),
        );
        const note = (what: string): void =>
          void history.connections.push({ viewer, at_ms: Date.now(), what });
        socket.on("connect", () => note("connected"));
        socket.on("connect_error", ({ message }) =>
          note(`not connected: ${message}, active: ${socket.active}`),
        );
        socket.on("disconnect", (reason) => note(`disconnected: ${reason}`));
        socket.io.on("reconnect_attempt", (attempt) => note(`attempt ${attempt}`));
        socket.io.on("open", () => note("open"));
        this.#follow(viewer, socket, pages, note);
        this.#sockets.push(socket);
      }
    }
  }

  /** Shows what is newer, as every client does, and asks again after every reconnect. */
  #follow(
    viewer: string,
    socket: ReaderSocket,
    pages: readonly string[],
    note: (what: string) => void,
  ): void {
    const take = (counts: PageCounts): void => {
      const name = `${viewer}\n${counts.page}`;
      if (isNewer(counts, this.#shown.get(name)?.counts)) this.#shown.set(name, { viewer, counts });
    };
    const watch = (): void => {
      socket.emit("watch", { pages }, (ack) => {
        note(`watch ${ack.ok ? "answered" : ack.problem.code}`);
        if (ack.ok) ack.pages.forEach(take);
        else if (ack.problem.retryable) setTimeout(watch, 300);
      });
    };
    socket.on("counts", take);
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
