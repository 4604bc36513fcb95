/** A site that no other test uses: its pages and hot lists are empty. */
import { randomUUID } from "node:crypto";
import { writeSitesFile } from "./sites-file.ts";

/** With this token pages are registered. */
export const ADMIN_TOKEN = "the-admin-token-of-tests";

/** Its id, and the settings with which a service serves it and nothing else. Asked for at the top of a test file. */
export function freshSite(): { readonly site: string; readonly env: Readonly<Record<string, string>> } {
  const site = `s-${randomUUID()}`;
  return { site, env: { SITES_FILE: writeSitesFile([{ id: site, name: "Fresh" }]), ADMIN_TOKEN } };
}
