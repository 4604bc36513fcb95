import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Writes down `sites` (docs/SITES.md) for a service's `SITES_FILE`; the file goes with the tests around the call. */
export function writeSitesFile(sites: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "sites.json");
  writeFileSync(file, JSON.stringify(sites));
  return file;
}
