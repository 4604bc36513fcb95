/** Signs in to the dashboard, as a person would. */
import type { Page } from "playwright-core";

export async function enterDashboard(page: Page, url: string, site: string, token: string): Promise<void> {
  await page.goto(`${url}/dashboard?site=${site}`);
  await page.locator("input[name=token]").fill(token);
  await page.locator("button[type=submit]").click();
  await page.locator("#main").waitFor();
}
