/**
 * Group commit: everything that arrives while one commit is in flight becomes the next commit. At low load an item is
 * committed at once and alone; at high load one write (and one fsync) serves hundreds. No timer, so no added delay.
 */

/** Stores a group; rejects when its fate is unknown. */
export type Store<Item> = (items: readonly Item[]) => Promise<void>;

/** More items are waiting than may be held in memory; nothing was stored. */
export class CommitFullError extends Error {
  override readonly name = "CommitFullError";
}

export interface GroupCommitLimits {
  /** Most items in one commit. */
  readonly itemsACommit_max: number;
  /** Most items that wait for their commit; past it new ones are turned away. */
  readonly waiting_max: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class GroupCommit<Item> {
  readonly #store: Store<Item>;
  readonly #limits: GroupCommitLimits;
  #waiting: Waiting<Item>[] = [];
  #inFlight: Promise<void> | undefined;

  constructor(store: Store<Item>, limits: GroupCommitLimits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Items that wait for the commit in flight to come back. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves once the item is stored.
   * @throws CommitFullError when too many wait; or whatever `store` rejected with: the item may or may not be stored
   */
  add(item: Item): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting_max) return Promise.reject(new CommitFullError());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#inFlight ??= this.#commitAll();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async settled(): Promise<void> {
    while (this.#inFlight !== undefined) await this.#inFlight;
  }

  async #commitAll(): Promise<void> {
    // Lets everything that arrived in the same turn of the event loop join the first commit.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#limits.itemsACommit_max);
      try {
        await this.#store(group.map(({ item }) => item));
        for (const { resolve } of group) resolve();
      } catch (error) {
        // Those who wait would wait as long again for the same answer, so they hear it now.
        for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error);
      }
    }
    this.#inFlight = undefined;
  }
}
