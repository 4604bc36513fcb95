/** What came of the inputs: how often each answer, and every answer that should not have been. */
export class Outcomes {
  /** Sentences for people. */
  readonly faults: string[] = [];
  readonly #answers = new Map<string, number>();
  readonly #carriedOut = new Set<string>();

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

  /** Takes note of an operation that the service accepted an input of. */
  carryOut(operation: string): void {
    this.#carriedOut.add(operation);
  }

  /** Operations that were carried out at least once. */
  get carriedOut(): ReadonlySet<string> {
    return this.#carriedOut;
  }
}
