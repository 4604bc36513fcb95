/**
 * The client's end of one namespace of socket.io, over a websocket of its own. Our own, because pushing counts is what the
 * project is for and socket.io-client alone is four fifths of what a whole bar may cost its reader.
 */
import { isObject } from "../contract/object.ts";
import type { Wire } from "./dial.ts";
import { ANSWER_MS_MAX } from "./request.ts";
import {
  ACK,
  CLOSE,
  CONNECT,
  CONNECT_ERROR,
  DISCONNECT,
  EVENT,
  OPEN,
  PING,
  PONG,
  readFrame,
} from "./socket-frame.ts";
import { SURROUNDINGS, type Surroundings } from "./surroundings.ts";

export interface EventSocketOptions {
  /** Where the service is, without a slash at its end. */
  readonly endpoint: string;
  /** As in `/live`; empty for the main one. */
  readonly namespace: string;
  /** What is sent with each connecting: in a message, not in the address, for addresses are logged. */
  readonly auth: () => object;
  /** The longest pause between two tries, before chance: the first is a second, each further one twice as long. */
  readonly pauseMax_ms: number;
  /** By what share of itself chance makes a pause shorter or longer, 0 to 1. */
  readonly spread: number;
}

/** Who is told; none of it before `open` has returned. */
export interface EventSocketListener {
  /** The service let us in; also after each reconnecting. */
  readonly connected?: () => void;
  /** The service says something. */
  readonly event: (name: string, payload: unknown) => void;
  /** There is no connection; it is sought again without asking, after a pause. */
  readonly lost?: () => void;
  /** The service does not let us in, and will not: nothing more is tried until `open`. */
  readonly refused?: (problem: unknown) => void;
}

const PAUSE_MS = 1_000;

/** From the first try to being let in. */
const CONNECT_MS_MAX = 20_000;

/** Timers that are set for longer go off at once. */
const TIMER_MS_MAX = 2 ** 31;

export class EventSocket {
  readonly #address: string;
  readonly #namespace: string;
  readonly #options: EventSocketOptions;
  readonly #listener: EventSocketListener;
  readonly #surroundings: Surroundings;
  /** Who waits for which answer. */
  readonly #waiting = new Map<string, (answer?: unknown) => void>();
  /** Numbers the connections: what an older one says or does is nobody's concern. */
  #call = 0;
  #wire: Wire | undefined;
  /** How long the open connection may say nothing. */
  #silence_ms = CONNECT_MS_MAX;
  /** Calls off the end of the pause, or of patience with the connection. */
  #cancel: (() => void) | undefined;
  #sought = false;
  #connected = false;
  #failures = 0;
  #asked = 0;

  constructor(options: EventSocketOptions, listener: EventSocketListener, surroundings = SURROUNDINGS) {
    const { endpoint, namespace } = options;
    this.#address = `${endpoint.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`;
    this.#namespace = namespace && `${namespace},`;
    this.#options = options;
    this.#listener = listener;
    this.#surroundings = surroundings;
  }

  /** Whether the service has let us in and nothing is known to have happened since. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Seeks a connection until `close`; does nothing while it has one or seeks one. */
  open(): void {
    if (this.#sought) return;
    this.#sought = true;
    void this.#connect();
  }

  /** Ends it, without a word to the listener. */
  close(): void {
    this.#sought = false;
    this.#failures = 0;
    this.#drop();
  }

  /**
   * Sends an event.
   * @returns what the service answers, unchecked; undefined when no answer comes within 5 s, the connection goes first, or there
   *   is none
   */
  ask(event: string, payload: object): Promise<unknown> {
    return new Promise((resolve) => {
      if (!this.#connected) return resolve(undefined);
      const id = `${this.#asked++}`;
      const answer = (said?: unknown): void => {
        giveUp();
        this.#waiting.delete(id);
        resolve(said);
      };
      const giveUp = this.#surroundings.after(ANSWER_MS_MAX, answer);
      this.#waiting.set(id, answer);
      this.#send(EVENT, id, [event, payload]);
    });
  }

  async #connect(): Promise<void> {
    const call = this.#call;
    const current = (): boolean => call === this.#call;
    this.#wait(CONNECT_MS_MAX);
    try {
      const wire = await this.#surroundings.dial(
        this.#address,
        (data) => current() && this.#hear(data),
        () => current() && this.#lose(),
      );
      if (current()) this.#wire = wire;
      else wire.close();
    } catch {
      // A policy of the page that forbids the connection is told this way.
      if (current()) this.#lose();
    }
  }

  #hear(data: unknown): void {
    const frame = readFrame(data);
    // To close, as the documents want it, would take with it all that waits for an answer.
    if (frame === undefined) return;
    const { kind, namespace, id, payload } = frame;
    if (kind === OPEN) this.#enter(payload);
    else if (kind === PING) this.#answerPing();
    else if (kind === CLOSE) this.#lose();
    // The rest is about a namespace, and another one is none of ours.
    else if (namespace !== this.#namespace) return;
    else if (kind === CONNECT) this.#begin();
    else if (kind === CONNECT_ERROR) this.#refuse(payload);
    // Whoever is meant to stay away is refused when it comes back.
    else if (kind === DISCONNECT) this.#lose();
    else if (Array.isArray(payload)) this.#take(kind, id, payload);
  }

  #enter(payload: unknown): void {
    const { pingInterval, pingTimeout } = isObject(payload) ? payload : {};
    // The service pings this often; a connection on which it does not is dead, whatever the network says.
    if (typeof pingInterval === "number" && typeof pingTimeout === "number") {
      const silence_ms = pingInterval + pingTimeout;
      if (silence_ms > 0 && silence_ms < TIMER_MS_MAX) this.#silence_ms = silence_ms;
    }
    this.#send(CONNECT, "", this.#options.auth());
  }

  #begin(): void {
    this.#connected = true;
    this.#failures = 0;
    this.#wait(this.#silence_ms);
    this.#listener.connected?.();
  }

  #answerPing(): void {
    this.#wire?.send(PONG);
    if (this.#connected) this.#wait(this.#silence_ms);
  }

  #take(kind: string, id: string, [first, second]: readonly unknown[]): void {
    if (kind === ACK) this.#waiting.get(id)?.(first);
    else if (kind === EVENT && typeof first === "string") this.#listener.event(first, second);
  }

  #refuse(payload: unknown): void {
    const { problem } = isObject(payload) && isObject(payload.data) ? payload.data : {};
    if (isObject(problem) && problem.retryable === false) {
      this.close();
      this.#listener.refused?.(problem);
    } else this.#lose();
  }

  #send(kind: string, id: string, payload: unknown): void {
    this.#wire?.send(`${kind}${this.#namespace}${id}${JSON.stringify(payload)}`);
  }

  /** Gives the connection this long. */
  #wait(patience_ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#surroundings.after(patience_ms, () => this.#lose());
  }

  #lose(): void {
    this.#drop();
    const { pauseMax_ms, spread } = this.#options;
    const pause_ms = Math.min(pauseMax_ms, PAUSE_MS * 2 ** this.#failures++);
    const chance = 1 + spread * (2 * this.#surroundings.random() - 1);
    this.#cancel = this.#surroundings.after(pause_ms * chance, () => void this.#connect());
    this.#listener.lost?.();
  }

  #drop(): void {
    this.#call++;
    this.#cancel?.();
    this.#connected = false;
    this.#wire?.close();
    this.#wire = undefined;
    for (const answer of this.#waiting.values()) answer();
  }
}
