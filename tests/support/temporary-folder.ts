import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A new empty folder, links resolved, that goes with the test. Ask for it before what runs in it. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "reader-reactions-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
