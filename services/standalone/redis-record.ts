/** The note about the running Redis, so that the next start finds one that was left behind. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { readFileIfAny } from "./read-file-if-any.ts";

const Record = z.object({
  pid: z.number().int().positive(),
  port: z.number().int().min(1).max(65_535),
  /** See process-identity. */
  identity: z.string(),
  /** The container's name when it runs in one; `pid` is then the docker command's. */
  container: z.string().optional(),
});

/** What the note says. */
export type RedisRecord = z.infer<typeof Record>;

/** The note; undefined when there is none or it is not readable as one. */
export function readRecord(path: string): RedisRecord | undefined {
  try {
    return Record.parse(JSON.parse(readFileIfAny(path) ?? ""));
  } catch {
    return undefined;
  }
}

/** Writes the note, whole. */
export function writeRecord(path: string, record: RedisRecord): void {
  writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes the note; there may be none. */
export function removeRecord(path: string): void {
  rmSync(path, { force: true });
}
