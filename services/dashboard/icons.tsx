/** Drawings of the navigation, on a grid of 24 like those of the bar. */
import type { View } from "./route.ts";

const PATHS: Readonly<Record<View, string>> = {
  now: "M3 13h4l3-8l4 14l3-6h4",
  page: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  alerts: "M12 4a6 6 0 0 1 6 6v4l2 3H4l2-3v-4a6 6 0 0 1 6-6zM10 20h4",
  audit: "M5 6h14M5 12h14M5 18h9",
  system: "M4 5h16v6H4zM4 13h16v6H4zM8 8h.01M8 16h.01",
};

export function Icon({ name }: { readonly name: View }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
