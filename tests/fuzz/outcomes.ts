/** What came of the inputs: how often each answer, and every answer that should not have been. */
export class Outcomes {
  /** Sentences for people. */
  readonly faults: string[] = [];
  readonly #answers = new Map<string, number>();
  readonly #operations = new Map<string, number>();

  count(answer: string): void {
    this.#answers.set(answer, this.times(answer) + 1);
  }

  /** How often an answer was counted. */
  times(answer: string): number {
    return this.#answers.get(answer) ?? 0;
  }

  /** All answers that were counted. */
  get answers(): readonly string[] {
    return [...this.#answers.keys()];
  }

  /** @param input is written down as JSON, its beginning only */
  fault(what: string, input: unknown): void {
    this.faults.push(`${what}: ${JSON.stringify(input)?.slice(0, 600)}`);
  }

  /** Takes note of an operation of the OpenAPI document that was asked for. */
  tried(operation: string, carriedOut: boolean): void {
    this.#operations.set(operation, (this.#operations.get(operation) ?? 0) + (carriedOut ? 1 : 0));
  }

  /** In a sentence, which operations were ever carried out. */
  get carriedOut(): string {
    const never = [...this.#operations].filter(([, times]) => times === 0).map(([operation]) => operation);
    const count = `${this.#operations.size - never.length} of ${this.#operations.size} operations of the OpenAPI document were carried out`;
    return never.length === 0 ? count : `${count}, not ${never.join(", ")}`;
  }
}
