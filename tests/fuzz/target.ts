/** Something that reads input from outside: examples to begin with, and what must hold whatever it is given. */

export interface Target {
  readonly examples: readonly string[];
  /** Rejects or throws what no caller expects, or when something that must hold does not. */
  readonly run: (input: string) => unknown;
}

/** How a parser may refuse. */
export type Expected = new (...args: never[]) => Error;

/** A parser of JSON that may refuse, but only in the way that its callers expect. */
export function ofJson(
  parse: (value: unknown) => unknown,
  expected: Expected,
  examples: readonly unknown[],
): Target {
  return {
    examples: examples.map((example) => JSON.stringify(example)),
    run: (input) => {
      let value: unknown;
      try {
        value = JSON.parse(input);
      } catch {
        return;
      }
      refusing(() => parse(value), expected);
      if (Reflect.get({}, "x") !== undefined) throw new Error("every object has a field x now");
    },
  };
}

export function refusing(work: () => unknown, expected: Expected): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof expected)) throw error;
  }
}
