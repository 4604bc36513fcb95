import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeSync } from "node:fs";

/**
 * Creates a file that only its owner may read, whole or not at all: nobody ever reads half of it, and a power cut leaves
 * either all of it or nothing. Of several processes that create the same file one wins.
 * @returns false when the file was there already; it is left as it was
 */
export function createFile(path: string, content: string): boolean {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = openSync(draft, "wx", 0o600);
  try {
    writeSync(file, content);
    fsyncSync(file);
    // Unlike a rename, a link never replaces what is there.
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
}
