/**
 * One service at a time in a data folder: two Redis on one append-only file would destroy it. Written here rather than
 * taken from a package: the packages know a dead holder by a time stamp going stale, which makes a start after a crash
 * wait, and none names the holder.
 */
import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { createFile } from "./create-file.ts";
import { identityOf, isSameProcess } from "./process-identity.ts";
import { readFileIfAny } from "./read-file-if-any.ts";

/** The folder is in use; `pid` is who uses it. */
export class DataDirLockedError extends Error {
  override readonly name = "DataDirLockedError";
  readonly pid: number;

  constructor(dataDir: string, pid: number) {
    super(
      `Reader Reactions already runs on the data folder ${resolve(dataDir)} (process ${pid}). Stop it, or set DATA_DIR and PORT to others.`,
    );
    this.pid = pid;
  }
}

const Holder = z.object({ pid: z.number().int().positive(), identity: z.string() });

/**
 * Takes the folder for this process until the lifecycle stops. Makes the folder when there is none. The lock of a process
 * that is dead is taken over. Call it before anything else opens files there, so that it is given back last.
 * @throws DataDirLockedError when a living process, this one included, holds it
 */
export function lockDataDir(dataDir: string, lifecycle: Lifecycle): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, "lock");
  const mine = JSON.stringify({
    pid: process.pid,
    identity: identityOf(process.pid) ?? "",
    token: randomBytes(8).toString("hex"),
  });
  for (;;) {
    if (createFile(path, mine)) break;
    const theirs = readFileIfAny(path);
    // Given back in this moment.
    if (theirs === undefined) continue;
    const holder = livingHolder(theirs);
    if (holder !== undefined) throw new DataDirLockedError(dataDir, holder);
    removeStale(path, theirs);
  }
  lifecycle.onStop("data folder lock", () => {
    if (readFileIfAny(path) === mine) rmSync(path, { force: true });
  });
}

function livingHolder(text: string): number | undefined {
  try {
    const { pid, identity } = Holder.parse(JSON.parse(text));
    return isSameProcess(pid, identity) ? pid : undefined;
  } catch {
    // Not a lock of ours: they are written whole, so nobody is in the middle of it.
    return undefined;
  }
}

/** Takes the stale lock away, unless somebody else has just replaced it by a living one. */
function removeStale(path: string, stale: string): void {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw error;
  }
  try {
    if (readFileIfAny(aside) !== stale) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}
