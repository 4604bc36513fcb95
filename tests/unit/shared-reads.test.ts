import { describe, expect, it } from "vitest";
import { SharedReads } from "../../shared/runtime/shared-reads.ts";

/** Reads that are answered when the test says so; each answers its number. */
function controlledReads() {
  const answers: ((fault?: Error) => void)[] = [];
  const read = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const number = answers.length + 1;
      answers.push((fault) => (fault === undefined ? resolve(number) : reject(fault)));
    });
  return { answers, read };
}

/** Until everything that waits for nothing but promises has run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("shared reads", () => {
  it("C4: whoever asks while a read is on its way shares the next one, which begins after they asked", async () => {
    const reads = new SharedReads<number>();
    const { answers, read } = controlledReads();
    const first = reads.read("a", read);
    await settled();
    const late = [reads.read("a", read), reads.read("a", read)];
    await settled();
    expect(answers).toHaveLength(1);
    answers[0]?.();
    expect(await first).toBe(1);
    await settled();
    expect(answers).toHaveLength(2);
    answers[1]?.();
    expect(await Promise.all(late)).toEqual([2, 2]);
  });

  it("C4: reads of different pages do not wait for each other, and nothing is kept", async () => {
    const reads = new SharedReads<number>();
    const { answers, read } = controlledReads();
    const [one, other] = [reads.read("a", read), reads.read("b", read)];
    await settled();
    for (const answer of answers) answer();
    expect(await Promise.all([one, other])).toEqual([1, 2]);
    const again = reads.read("a", read);
    await settled();
    answers[2]?.();
    expect(await again).toBe(3);
  });

  it("C4: a read that fails fails for those who share it, not for the next", async () => {
    const reads = new SharedReads<number>();
    const { answers, read } = controlledReads();
    const shared = Promise.allSettled([reads.read("a", read), reads.read("a", read)]);
    await settled();
    const next = reads.read("a", read);
    answers[0]?.(new Error("away"));
    expect((await shared).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await settled();
    answers[1]?.();
    expect(await next).toBe(2);
  });
});
