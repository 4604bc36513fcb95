/** The attributes of `<hot-pages>`, read into what they mean. */
import { HOT_LIMIT_MAX, type HotWindow, isHotWindow } from "../../shared/contract/hot.ts";
import { isReactionName } from "../../shared/contract/reactions.ts";
import { readSettings } from "./settings.ts";

/** Rows when the tag does not say how many. */
const LIMIT = 5;

interface HotSettings {
  readonly endpoint: string;
  readonly site: string;
  readonly window: HotWindow;
  /** Only what one reaction did; undefined for all together. */
  readonly reaction: string | undefined;
  readonly limit: number;
  /** BCP 47 tag. */
  readonly lang: string;
}

/** Reads the settings; values that mean nothing count as absent. */
export function hotSettings(host: HTMLElement): HotSettings {
  const { endpoint, site, lang } = readSettings(host);
  const [window, reaction, limit] = ["window", "reaction", "limit"].map((name) =>
    host.getAttribute(name)?.trim(),
  );
  const rows = /^\d{1,3}$/.test(limit ?? "") ? Number(limit) : 0;
  return {
    endpoint,
    site,
    lang,
    window: isHotWindow(window) ? window : "day",
    reaction: isReactionName(reaction) ? reaction : undefined,
    limit: rows >= 1 && rows <= HOT_LIMIT_MAX ? rows : LIMIT,
  };
}

/** Where the list is to be had. */
export function hotAddress({ endpoint, site, window, reaction, limit }: HotSettings): string {
  const query = new URLSearchParams({ window, limit: String(limit) });
  if (reaction !== undefined) query.set("reaction", reaction);
  return `${endpoint.replace(/\/$/, "")}/v1/sites/${encodeURIComponent(site)}/hot?${query}`;
}
