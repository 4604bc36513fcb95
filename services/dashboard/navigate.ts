/** The address bar: the one place that reads and writes what stands after `#`. */
import { signal } from "@preact/signals";
import { parseRoute, type Route, writeRoute } from "./route.ts";

const current = signal<Route>(parseRoute(location.hash));

/** What is shown now; components that read it are drawn again when it changes. */
export function route(): Route {
  return current.value;
}

/** Goes there; the browser's back button leads back. */
export function navigate(to: Route): void {
  location.hash = writeRoute(to);
}

window.addEventListener("hashchange", () => {
  current.value = parseRoute(location.hash);
});
