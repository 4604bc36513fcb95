/** The lines of a request's body, as they arrive. */
import type { IncomingMessage } from "node:http";

/** A body that is not lines of UTF-8 text of bounded length; the message is a sentence. */
export class LinesError extends Error {
  override readonly name = "LinesError";
}

/**
 * The body's lines, some at a time, without their line breaks; an empty last one is left out. Takes no more from the
 * socket than the caller has worked off, so the sender waits instead of our memory growing.
 * @param characters_max longest line
 * @throws LinesError
 */
export async function* readLines(
  request: IncomingMessage,
  characters_max: number,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  const decode = (chunk?: Buffer): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new LinesError("This line is not UTF-8.");
    }
  };
  for await (const chunk of request) {
    const lines = (rest + decode(chunk)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > characters_max) throw new LinesError("This line is too long.");
    if (lines.length > 0) yield lines;
  }
  rest += decode();
  if (rest !== "") yield [rest];
}
