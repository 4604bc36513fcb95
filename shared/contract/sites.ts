/** Sites as the API tells of them and takes them. Browser-safe. */
import { isObject } from "./object.ts";
import { isSiteId } from "./site-id.ts";

/** Where a site's settings are written: in `SITES_FILE`, in Redis, or nowhere, because it is the open one. */
export type SiteOrigin = "file" | "api" | "open";

/** A site's settings as JSON (docs/SITES.md); the service checks them and says in sentences what is wrong. */
export type SiteSettings = Readonly<Record<string, unknown>>;

export interface SiteAnswer {
  readonly id: string;
  readonly from: SiteOrigin;
  /** Without secrets; may be put again as they are. */
  readonly settings: SiteSettings;
}

/** A site's answer; undefined when it is not well formed. */
export function parseSiteAnswer(value: unknown): SiteAnswer | undefined {
  if (!isObject(value)) return undefined;
  const { id, from, settings } = value;
  if (!isSiteId(id) || !isObject(settings)) return undefined;
  return from === "file" || from === "api" || from === "open" ? { id, from, settings } : undefined;
}
