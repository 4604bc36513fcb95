import { createInterface } from "node:readline/promises";
import type { Session } from "./session.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Resolves when whoever sits at the terminal says yes, or said `--yes` before.
 * @param question what is about to happen, safe to print
 * @throws UsageError when nobody can be asked, or when the answer is another
 */
export async function confirm({ out, ending }: Session, question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!out.canAsk) {
    throw new UsageError(
      "This takes votes away or moves totals, and nobody can be asked here: say --yes to do it.",
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`${question}\nGo on? Type yes: `, { signal: ending });
    if (answer.trim().toLowerCase() !== "yes") throw new UsageError("Nothing was done.");
  } finally {
    lines.close();
  }
}
