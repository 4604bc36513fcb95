/** What axe-core finds wrong with a page, shadow trees included. */
import axe from "axe-core";
import type { Frame, Page } from "playwright-core";

/** One line for each violation: the rule, what it is about, and where. */
export async function axeViolations(page: Page | Frame): Promise<readonly string[]> {
  // Evaluated, not added to the page: its Content-Security-Policy allows no script of ours.
  await page.evaluate(axe.source);
  return await page.evaluate<readonly string[]>(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => id + ": " + help + " at " + target.join(" "))))`);
}
