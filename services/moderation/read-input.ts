import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { isObject } from "../../shared/contract/object.ts";
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

/**
 * A file's JSON object; `-` is standard input.
 * @throws WrongFile when it cannot be read or holds something else
 */
export async function readJsonInput(name: string): Promise<Record<string, unknown>> {
  const written = await readInput(name);
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    throw new WrongFile(`${name} is not JSON.`);
  }
  if (!isObject(value)) throw new WrongFile(`${name} is not a JSON object.`);
  return value;
}
