/** What axe-core finds wrong with a page, shadow trees included. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "playwright-core";

const SOURCE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** One line for each violation: the rule, what it is about, and where. */
export async function axeViolations(page: Page | Frame): Promise<readonly string[]> {
  // Evaluated, not added to the page: its Content-Security-Policy allows no script of ours.
  await page.evaluate(SOURCE);
  return await page.evaluate<readonly string[]>(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => id + ": " + help + " at " + target.join(" "))))`);
}
