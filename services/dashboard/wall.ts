/** A screen on a wall (`?wall`): nobody touches it, so it turns its own pages. */
import { signal } from "@preact/signals";
import type { Route } from "./route.ts";

/** How long each view is shown. */
export const WALL_TURN_MS = 20_000;

/** Hot pages that are shown one by one between the others. */
const WALL_PAGES = 3;

const on = signal(new URLSearchParams(location.search).has("wall"));

export function isWall(): boolean {
  return on.value;
}

export function switchWall(): void {
  on.value = !on.value;
}

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
