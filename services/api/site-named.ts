import { Refusal } from "../../shared/contract/problems.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";

/** @throws Refusal `site_unknown`; `unavailable` while it is not known yet which sites there are */
export function siteNamed(sites: Sites, id: string): Site {
  const site = sites.get(id);
  if (site === undefined) throw new Refusal(sites.complete ? "site_unknown" : "unavailable");
  return site;
}
