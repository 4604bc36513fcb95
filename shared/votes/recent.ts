/**
 * Remembers what was used lately. Two generations bound the memory without a clock: when the young one is full, the old one goes.
 * Whoever has a clock ends a generation by `age`.
 */
export class Recent<Value> {
  readonly #most: number;
  #young = new Map<string, Value>();
  #old = new Map<string, Value>();

  /** @param most entries kept */
  constructor(most: number) {
    this.#most = most;
  }

  get(name: string): Value | undefined {
    return this.#young.get(name) ?? this.#old.get(name);
  }

  set(name: string, value: Value): void {
    if (this.#young.size >= this.#most / 2) this.age();
    this.#young.set(name, value);
  }

  /** Forgets what was not set since the last time. */
  age(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }
}
