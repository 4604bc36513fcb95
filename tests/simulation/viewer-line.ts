/**
 * Socket.io as the realtime service speaks it, over connections that break: the other end of a client's `dial`. What one connection
 * carries arrives in order, or not at all.
 */
import type { Wire } from "../../shared/client/dial.ts";
import { ACK, CONNECT, EVENT, OPEN, readFrame } from "../../shared/client/socket-frame.ts";
import { isObject } from "../../shared/contract/object.ts";
import type { Network } from "./network.ts";
import type { Hear, VoteAck } from "./vote-requests.ts";

/** Nobody pings in a simulation, where nothing but an end ends a connection: patience for 20 days. */
const HANDSHAKE = { sid: "s", pingInterval: 1e9, pingTimeout: 7e8 };

/** Sends an answer back. */
export type Answer = (ack: object) => void;

export interface LineEnd {
  /** The client asks to be told of pages. */
  readonly watch: (line: ViewerLine, pages: readonly string[], answer: Answer) => void;
  /** The client sends a vote. */
  readonly asksVote: (payload: unknown) => Hear;
  /** The vote arrives. */
  readonly vote: (payload: unknown, answer: (ack: VoteAck) => void) => void;
  /** The connection has ended, for whatever reason. */
  readonly ended: (line: ViewerLine) => void;
}

export class ViewerLine implements Wire {
  readonly #network: Network;
  readonly #end: LineEnd;
  readonly #hear: (data: unknown) => void;
  readonly #closed: () => void;
  #open = true;
  /** When the last frame of each direction arrives: the next one does not overtake it. */
  #down_ms = 0;
  #up_ms = 0;
  /** Votes without an answer. */
  readonly #unheard = new Set<Hear>();

  constructor(network: Network, end: LineEnd, hear: (data: unknown) => void, closed: () => void) {
    this.#network = network;
    this.#end = end;
    this.#hear = hear;
    this.#closed = closed;
    this.#tell(`${OPEN}${JSON.stringify(HANDSHAKE)}`);
  }

  get open(): boolean {
    return this.#open;
  }

  /** From the client. */
  send(text: string): void {
    const { kind, id, payload } = readFrame(text) ?? {};
    const [name, asked]: readonly unknown[] = kind === EVENT && Array.isArray(payload) ? payload : [];
    if (name === "vote") this.#sendVote(id ?? "", asked);
    else
      this.#arriveUp(() => {
        if (kind === CONNECT) {
          this.#tell(`${CONNECT}{"sid":"s"}`);
          this.#end.watch(this, pagesOf(payload), (ack) => this.emit("watched", ack));
        }
        if (name === "watch")
          this.#end.watch(this, pagesOf(asked), (ack) => this.#acknowledge(id ?? "", ack));
      });
  }

  #sendVote(id: string, payload: unknown): void {
    const hear = this.#end.asksVote(payload);
    this.#unheard.add(hear);
    const answer = (ack: VoteAck): void => {
      // No connection doubles an answer; but a client must not mind.
      const times = this.#network.mishap(0.05) ? 2 : 1;
      for (let time = 0; time < times; time++)
        this.#acknowledge(id, ack, () => {
          this.#unheard.delete(hear);
          hear(ack);
        });
    };
    this.#arriveUp(() => this.#end.vote(payload, answer));
  }

  /** By the client. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const hear of this.#unheard) hear();
    this.#end.ended(this);
  }

  /** By the network: what is under way is lost. */
  break(): void {
    if (!this.#open) return;
    this.close();
    this.#network.later(30, this.#closed);
  }

  /** Sends an event to the client; `arrived` is called in the moment before it hears of it. */
  emit(name: string, payload: object, arrived: () => void = () => {}): void {
    this.#tell(`${EVENT}${JSON.stringify([name, payload])}`, arrived);
  }

  #tell(frame: string, arrived: () => void = () => {}): void {
    this.#down_ms = this.#arrival_ms(this.#down_ms);
    this.#arrive(this.#down_ms, () => {
      arrived();
      this.#hear(frame);
    });
  }

  #acknowledge(id: string, ack: object, arrived?: () => void): void {
    this.#tell(`${ACK}${id}${JSON.stringify([ack])}`, arrived);
  }

  #arriveUp(run: () => void): void {
    this.#up_ms = this.#arrival_ms(this.#up_ms);
    this.#arrive(this.#up_ms, run);
  }

  #arrival_ms(last_ms: number): number {
    const { random, scheduler } = this.#network;
    return Math.max(last_ms, scheduler.now_ms + random.next() * 30);
  }

  #arrive(at_ms: number, run: () => void): void {
    const { scheduler } = this.#network;
    scheduler.after(at_ms - scheduler.now_ms, () => {
      if (this.#open) run();
    });
  }
}

function pagesOf(payload: unknown): readonly string[] {
  const { pages } = isObject(payload) ? payload : {};
  return Array.isArray(pages) ? pages.filter((page) => typeof page === "string") : [];
}
