/** Registers the stories of the demo page, so that its hot list has titles from the first press on. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isObject } from "../../shared/contract/object.ts";
import { isPageId } from "../../shared/contract/page-id.ts";
import { isPageTitle, type RegisteredPage } from "../../shared/contract/registered-page.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";

/** As the build left it, or in the source. */
const FILES = ["../widget/public/stories.json", "../widget/page/stories.json"];

/**
 * @param site whose pages they become
 * @param address of this service, as in `http://127.0.0.1:3000`
 */
export async function registerDemo(redis: RedisConnection, site: string, address: string): Promise<void> {
  await registerPages(redis, site, demoPages(address));
}

function demoPages(address: string): readonly RegisteredPage[] {
  const file = FILES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(path),
  );
  const stories: unknown = file === undefined ? [] : JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(stories)) return [];
  return stories.flatMap((story: unknown) => {
    if (!isObject(story) || !isPageId(story.page) || !isPageTitle(story.title)) return [];
    const url = `${address}/?${new URLSearchParams({ page: story.page })}`;
    return [{ page: story.page, title: story.title, url }];
  });
}
