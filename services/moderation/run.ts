/** From the words of a command line to an exit code. */
import { CommanderError } from "commander";
import { ServiceError } from "../../shared/client/client.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { ReaderGone } from "./printing/out.ts";
import { printable, printableJson } from "./printing/printable.ts";
import { programOf } from "./program.ts";
import type { Surroundings } from "./session.ts";

/** Resolves to the exit code when the command is done; a second Ctrl-C does not wait for that. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const ending = new AbortController();
  process.on("SIGINT", () => {
    if (ending.signal.aborted) process.exit(EXIT.failed);
    ending.abort();
  });
  try {
    await programOf(surroundings, ending.signal).parseAsync([...words], { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof ReaderGone) return EXIT.done;
    // Commander has said what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (ending.signal.aborted) {
      process.stderr.write("Stopped.\n");
      return EXIT.failed;
    }
    process.stderr.write(`${failureOf(error, words.includes("--json"))}\n`);
    return exitCodeOf(error);
  }
}

/** People read a sentence, scripts an object. */
function failureOf(error: unknown, json: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ServiceError ? error.code : undefined;
  if (json) return printableJson({ error: { code: code ?? "failed", message, exit: exitCodeOf(error) } });
  return `reactions: ${printable(message)}${code === undefined ? "" : ` (${printable(code)})`}`;
}
