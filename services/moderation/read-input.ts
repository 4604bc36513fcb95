import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { WrongFile } from "./wrong-file.ts";

/**
 * A file as a stream of bytes; `-` is standard input.
 * @param name as given on the command line
 */
export function openInput(name: string): Readable {
  return name === "-" ? process.stdin : createReadStream(name);
}

/**
 * A file's text; `-` is standard input.
 * @throws WrongFile when it cannot be read
 */
export async function readInput(name: string): Promise<string> {
  try {
    return await text(openInput(name));
  } catch (error) {
    throw new WrongFile(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
