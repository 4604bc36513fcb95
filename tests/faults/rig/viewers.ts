/** Viewers of pages: follow counts as the widget does, and write down every message that they were sent. */
import { io } from "socket.io-client";
import { followCounts, type ReaderSocket } from "../../../services/widget/follow-counts.ts";
import type { PageCounts } from "../../../shared/contract/counts.ts";
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
        followCounts(socket, pages, (counts) =>
          this.#shown.set(`${viewer}\n${counts.page}`, { viewer, counts }),
        );
        this.#sockets.push(socket);
      }
    }
  }

  /** What each viewer shows now. */
  get shown(): FinalState["shown"] {
    return [...this.#shown.values()];
  }

  leave(): void {
    for (const socket of this.#sockets) socket.disconnect();
  }
}
