/** A site that no other test uses: its pages and hot lists are empty. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** With this token pages are registered. */
export const ADMIN_TOKEN = "the-admin-token-of-tests";

/**
 * Its id, and the settings with which a service serves it and nothing else. Asked for at the top of a test file.
 * @param settings of the site beside its name
 */
export function freshSite(settings: { readonly id?: string; readonly puzzle?: "off" } = {}): {
  readonly site: string;
  readonly env: Readonly<Record<string, string>>;
} {
  const site = settings.id ?? `s-${randomUUID()}`;
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "sites.json");
  writeFileSync(file, JSON.stringify([{ id: site, name: "Fresh", ...settings }]));
  return { site, env: { SITES_FILE: file, ADMIN_TOKEN } };
}
