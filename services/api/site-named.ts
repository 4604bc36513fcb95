import { Refusal } from "../../shared/contract/problems.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";

/** @throws Refusal `site_unknown` */
export function siteNamed(sites: Sites, id: string): Site {
  const site = sites.get(id);
  if (site === undefined) throw new Refusal("site_unknown");
  return site;
}
