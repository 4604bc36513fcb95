/**
 * The most frequent of any number of values in a fixed amount of memory (Misra and Gries, 1982): while no more than `kept` different
 * ones come, all are counted exactly; of more, each that makes up more than one part in `kept` is still there at the end.
 */
export class HeavyHitters {
  readonly #kept: number;
  readonly #counts = new Map<number, number>();

  /** @param kept values that are counted at a time */
  constructor(kept: number) {
    this.#kept = kept;
  }

  add(value: number): void {
    const count = this.#counts.get(value);
    if (count !== undefined || this.#counts.size < this.#kept) this.#counts.set(value, (count ?? 0) + 1);
    else this.#cancel();
  }

  /** The `most` most frequent ones, in falling order; of equals the one that came first. */
  top(most: number): readonly number[] {
    return [...this.#counts]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([value]) => value);
  }

  /** One of each kept value goes together with the one that found no place; so many came before that it costs each little. */
  #cancel(): void {
    for (const [value, count] of this.#counts) {
      if (count === 1) this.#counts.delete(value);
      else this.#counts.set(value, count - 1);
    }
  }
}
