/** Which sites are served and who may vote on what, as one sentence for the console. */
import { isLoopback } from "../../shared/runtime/config.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";

/** Sites that are named; of the others the number is told. */
const NAMED_MAX = 5;

const PAGES: Readonly<Record<Site["pages"]["open"], string>> = {
  anyone: "any page may be voted on",
  origin: "pages of its origins may be voted on",
  registered: "registered pages may be voted on",
  signed: "signed pages may be voted on",
};

/**
 * @param open whether nobody ever named a site, so that the open one is served
 * @param host where the service listens
 */
export function describeSites(sites: Sites, open: boolean, host: string): string {
  const reach = isLoopback(host) ? "Open to this machine only" : "Open to the network";
  if (open) return `${reach}${isLoopback(host) ? ";" : ":"} any page may be voted on.`;
  if (!sites.complete && sites.size === 0) return "Which sites there are Redis has not told yet.";
  if (sites.size === 0)
    return "No site is served: put one with `reactions site set` or PUT /v1/sites/{site}.";
  const all = [...sites.values()];
  const named = all.slice(0, NAMED_MAX).map(({ id, pages }) => `${id} (${PAGES[pages.open]})`);
  const more = all.length - named.length;
  return `${reach}, with ${all.length === 1 ? "the site" : "the sites"} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
