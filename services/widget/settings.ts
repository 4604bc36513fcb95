/** The attributes of the tag, read into what they mean. */
import { isReactionName } from "../../shared/contract/reactions.ts";

/** What a bar is to show. */
export interface Settings {
  readonly endpoint: string;
  readonly site: string;
  readonly page: string;
  /** Names and order of the buttons; undefined for those of the site. */
  readonly reactions: readonly string[] | undefined;
  readonly compact: boolean;
  readonly readonly: boolean;
  /** BCP 47 tag. */
  readonly lang: string;
}

/** Attributes whose change is a change of what is shown. */
export const ATTRIBUTES = ["page", "site", "endpoint", "lang", "reactions", "mode", "readonly", "account"];

/** Reads the settings; values that mean nothing count as absent. */
export function readSettings(host: HTMLElement): Settings {
  const given = (name: string): string => host.getAttribute(name) ?? "";
  const names = [...new Set(given("reactions").split(/[ ,]+/))].filter(isReactionName);
  return {
    // Where the script came from is where the service is.
    endpoint: given("endpoint") || new URL(".", import.meta.url).href,
    site: given("site") || "default",
    page: given("page") || thisPage(),
    reactions: names[0] ? names : undefined,
    compact: given("mode") === "compact",
    readonly: host.hasAttribute("readonly"),
    lang: host.closest<HTMLElement>("[lang]:not([lang=''])")?.lang || document.documentElement.lang || "en",
  };
}

/** The page's own idea of its address; without one, its address without query and fragment. */
function thisPage(): string {
  const canonical = document.querySelector<HTMLLinkElement>("link[rel~=canonical]")?.href;
  return canonical || location.origin + location.pathname;
}
