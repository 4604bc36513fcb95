/**
 * Group commit: everything that arrives while commits are in flight becomes the next commit. At low load an item is
 * committed at once and alone; at high load one write (and one fsync) serves hundreds. No timer, so no added delay.
 *
 * Two commits may be in flight. With one, whoever stores waits while we gather, and we wait while it stores. A second one
 * leaves as soon as it is as large as commits have been of late: earlier, and it would make all commits smaller.
 */

import { setImmediate as turn } from "node:timers/promises";

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
  /** No second commit leaves for fewer: while little comes the next would be as small, and each costs as much as a large one. */
  readonly itemsASecond_min: number;
}

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

const IN_FLIGHT_MAX = 2;

/** Share of the usual size at which a second commit leaves: the last few of a crowd may be long in coming. */
const AS_LARGE = 0.9;

/** Commits that the usual size is taken from, roughly. */
const LATELY = 8;

export class GroupCommit<Item> {
  readonly #store: Store<Item>;
  readonly #limits: GroupCommitLimits;
  readonly #inFlight = new Set<Promise<void>>();
  #waiting: Waiting<Item>[] = [];
  /** How many items commits have held of late. */
  #usual = 1;
  /** A look at what waits is due in this turn of the event loop. */
  #due = false;

  readonly #soon: (run: () => void) => void;

  /** @param soon does something once everything that has arrived by now is there; simulations have turns of their own */
  constructor(
    store: Store<Item>,
    limits: GroupCommitLimits,
    soon: (run: () => void) => void = (run) => void setImmediate(run),
  ) {
    this.#store = store;
    this.#limits = limits;
    this.#soon = soon;
  }

  /** Items that wait for a commit. */
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
      this.#lookSoon();
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async settled(): Promise<void> {
    while (this.#waiting.length > 0 || this.#inFlight.size > 0) {
      // What waits while nothing is in flight leaves in this turn of the event loop.
      await Promise.race(this.#inFlight.size > 0 ? this.#inFlight : [turn()]);
    }
  }

  /** Once everything that arrived in this turn of the event loop is there, so that it shares a commit. */
  #lookSoon(): void {
    if (this.#due || !this.#ripe()) return;
    this.#due = true;
    this.#soon(() => {
      this.#due = false;
      this.#commitIfRipe();
    });
  }

  #ripe(): boolean {
    if (this.#inFlight.size === 0) return this.#waiting.length > 0;
    const enough = Math.max(this.#limits.itemsASecond_min, this.#usual * AS_LARGE);
    return this.#inFlight.size < IN_FLIGHT_MAX && this.#waiting.length >= enough;
  }

  #commitIfRipe(): void {
    if (!this.#ripe()) return;
    const group = this.#waiting.splice(0, this.#limits.itemsACommit_max);
    this.#usual += (group.length - this.#usual) / LATELY;
    const done = this.#commit(group).then(() => {
      this.#inFlight.delete(done);
      this.#commitIfRipe();
    });
    this.#inFlight.add(done);
  }

  async #commit(group: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#store(group.map(({ item }) => item));
      for (const { resolve } of group) resolve();
    } catch (error) {
      // Those who wait would wait as long again for the same answer, so they hear it now.
      for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(error);
    }
  }
}
