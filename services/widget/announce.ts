/** News for readers who listen: sentences at once, numbers at most every few seconds, the newest last. */

const PAUSE_MS = 5_000;

export class Announcements {
  readonly #say: (sentence: string) => void;
  #newest: string | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  /** Something that the reader must know. */
  now(sentence: string): void {
    this.#newest = undefined;
    this.#say(sentence);
  }

  /** Something that changes all the time. */
  inTime(sentence: string): void {
    this.#newest = sentence;
    if (this.#pause === undefined) this.#sayNewest();
  }

  /** Says nothing more. */
  close(): void {
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.#newest = undefined;
  }

  #sayNewest(): void {
    this.#pause = undefined;
    if (this.#newest === undefined) return;
    this.#say(this.#newest);
    this.#newest = undefined;
    this.#pause = setTimeout(() => this.#sayNewest(), PAUSE_MS);
  }
}
