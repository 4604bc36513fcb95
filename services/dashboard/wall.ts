/** A screen on a wall (`?wall`): nobody touches it, so it turns its own pages. */
import { signal } from "@preact/signals";

/** How long each view is shown. */
export const WALL_TURN_MS = 20_000;

const on = signal(new URLSearchParams(location.search).has("wall"));

export function isWall(): boolean {
  return on.value;
}

export function switchWall(): void {
  on.value = !on.value;
}
