/**
 * Reads of the same thing that many ask for: one is on its way at a time, and all who ask meanwhile share the next one. Nobody is
 * answered by a read that began before they asked, so this is no cache, and the number of reads does not grow with that of readers.
 */
export class SharedReads<Value> {
  /** Not yet sent: whoever asks now may share it. */
  readonly #waiting = new Map<string, Promise<Value>>();
  readonly #running = new Map<string, Promise<Value>>();

  /** @param read is called once for all who share it; what it throws, all of them hear */
  read(name: string, read: () => Promise<Value>): Promise<Value> {
    const waiting = this.#waiting.get(name);
    if (waiting !== undefined) return waiting;
    const next = this.#after(name).then(async () => {
      this.#waiting.delete(name);
      this.#running.set(name, next);
      try {
        return await read();
      } finally {
        if (this.#running.get(name) === next) this.#running.delete(name);
      }
    });
    this.#waiting.set(name, next);
    return next;
  }

  /** Resolves when the read that is on its way has come back, well or not. */
  async #after(name: string): Promise<void> {
    await this.#running.get(name)?.catch(() => {});
  }
}
