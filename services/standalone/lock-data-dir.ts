/**
 * One service at a time in a data folder: two Redis on one append-only file would destroy it. Written here rather than
 * taken from a package: the packages know a dead holder by a time stamp going stale, which makes a start after a crash
 * wait, and none names the holder.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
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
    removeStale(path, mine);
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

/**
 * Takes the lock away if it is (still) that of a dead process. Only one process at a time may do so: otherwise a slow one
 * would take away what a quick one has just put there. A guard left by a process that died in here is taken away too;
 * that a second start comes in that same moment is left to luck.
 */
function removeStale(path: string, mine: string): void {
  const guard = `${path}.takeover`;
  if (!createFile(guard, mine)) {
    const theirs = readFileIfAny(guard);
    if (theirs !== undefined && livingHolder(theirs) === undefined) rmSync(guard, { force: true });
    return;
  }
  try {
    const held = readFileIfAny(path);
    if (held !== undefined && livingHolder(held) === undefined) rmSync(path, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}
