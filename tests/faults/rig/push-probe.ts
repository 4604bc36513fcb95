/** How long it takes from a press until a viewer of the page sees it. */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { io } from "socket.io-client";
import type { ReaderSocket } from "../../support/reader-socket.ts";
import { postVote } from "./post-vote.ts";
import { makeVoter } from "./voters.ts";

const PAUSE_MS = 40;

/** A press that nobody saw by then counts as seen then. */
const SEEN_MS_MAX = 10_000;

/** One voter who presses again and again on a page of their own, and a viewer of it. */
export class PushProbe {
  readonly #took: { readonly pressed_ms: number; readonly took_ms: number }[] = [];
  readonly #viewer: ReaderSocket;
  readonly #pressing: Promise<void>;
  #ended = false;

  /** Begins at once. */
  constructor(api: string, realtime: string) {
    const page = `probe-${randomUUID()}`;
    this.#viewer = io(realtime, { transports: ["websocket"], auth: { site: "default" }, forceNew: true });
    this.#viewer.on("connect", () => this.#viewer.emit("watch", { pages: [page] }, () => {}));
    this.#pressing = this.#press(api, page);
  }

  /** Of presses since `since_ms` of `performance.now()`, ms; 0 when there were none. */
  p99_ms(since_ms: number): number {
    const took_ms = this.#took
      .filter(({ pressed_ms }) => pressed_ms >= since_ms)
      .map((one) => one.took_ms)
      .sort((a, b) => a - b);
    return took_ms[Math.floor(took_ms.length * 0.99)] ?? 0;
  }

  async stop(): Promise<void> {
    this.#ended = true;
    await this.#pressing;
    this.#viewer.disconnect();
  }

  async #press(api: string, page: string): Promise<void> {
    const voter = makeVoter();
    for (let presses = 0; !this.#ended; presses++) {
      const reaction = presses % 2 === 0 ? "great" : "sad";
      const pressed_ms = performance.now();
      const seen = this.#seen(reaction);
      await postVote(api, { page, reaction, voter });
      await seen;
      this.#took.push({ pressed_ms, took_ms: performance.now() - pressed_ms });
      await pause(PAUSE_MS);
    }
  }

  #seen(reaction: string): Promise<void> {
    return new Promise((resolve) => {
      const look = ({ counts }: { readonly counts: Readonly<Record<string, number>> }): void => {
        if (counts[reaction] !== 1) return;
        clearTimeout(late);
        this.#viewer.off("counts", look);
        resolve();
      };
      const late = setTimeout(() => {
        this.#viewer.off("counts", look);
        resolve();
      }, SEEN_MS_MAX);
      this.#viewer.on("counts", look);
    });
  }
}
