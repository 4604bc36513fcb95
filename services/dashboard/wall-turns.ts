/** What a screen on a wall shows next. */
import type { Route } from "./route.ts";

/** Hot pages that are shown one by one between the others. */
const WALL_PAGES = 3;

/**
 * What comes after a view: now, the hottest pages one by one, the alerts, and from the beginning.
 * @param hot ids of hot pages, hottest first
 */
export function nextOnWall(shown: Route, hot: readonly string[]): Route {
  const turns: readonly Route[] = [
    { view: "now" },
    ...hot.slice(0, WALL_PAGES).map((page): Route => ({ view: "page", page })),
    { view: "alerts" },
  ];
  const at = turns.findIndex(({ view, page }) => view === shown.view && page === shown.page);
  // A page that is hot no more is followed by the alerts, not by all pages once more.
  if (at === -1 && shown.view === "page") return { view: "alerts" };
  return turns[(at + 1) % turns.length] ?? { view: "now" };
}
