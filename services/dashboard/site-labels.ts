/** What the site calls its reactions, for names that the dashboard has no word for. */
import { signal } from "@preact/signals";
import { type Labels, labelIn, parseLabels } from "../../shared/contract/labels.ts";

const known = signal<Labels>({});

/** The site's own label; undefined when it has none. */
export function siteLabel(tag: string, reaction: string): string | undefined {
  return labelIn(known.value, tag, reaction);
}

/** Asks for the labels of a site; without an answer names are shown as they are. */
export async function loadSiteLabels(site: string): Promise<void> {
  known.value = {};
  const answer = await fetch(`/v1/sites/${site}/reactions`).catch(() => undefined);
  if (answer?.ok) known.value = parseLabels(await answer.json().catch(() => undefined));
}
