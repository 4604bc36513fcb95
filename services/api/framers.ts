import type { Site } from "../../shared/runtime/sites.ts";

/**
 * Who may frame a site's bar and what its form is answered, as sources of `frame-ancestors` (CSP 3, 6.4.2): the site's pages, and
 * this service's own, which show what the bar looks like.
 * @param site undefined: there is none, and nobody may
 */
export function framersOf(site: Site | undefined): string {
  if (site === undefined) return "'none'";
  return site.origins === undefined ? "*" : ["'self'", ...site.origins].join(" ");
}
