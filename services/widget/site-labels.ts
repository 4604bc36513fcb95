/** What sites call their own reactions: asked for when a bar has no word for one, once on a page. */
import { type Labels, parseLabels } from "../../shared/contract/labels.ts";

const asked = new Map<string, Promise<Labels>>();

/** Never fails: without an answer there are no labels, and the next bar asks again. */
export function siteLabels(endpoint: string, site: string): Promise<Labels> {
  const url = `${endpoint}/v1/sites/${site}/reactions`;
  const labels = asked.get(url) ?? ask(url);
  asked.set(url, labels);
  return labels;
}

async function ask(url: string): Promise<Labels> {
  try {
    const answer = await fetch(url, { credentials: "omit" });
    return parseLabels(await answer.json());
  } catch {
    asked.delete(url);
    return {};
  }
}
