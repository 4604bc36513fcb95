/** Light, dark, or as the system has it. */
import { effect, signal } from "@preact/signals";
import { forThisBrowser, keep, kept } from "./keep.ts";

export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const current = signal<Theme>(THEMES.find((theme) => theme === kept(forThisBrowser, "theme")) ?? "auto");
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const dark = signal(systemIsDark.matches);
systemIsDark.addEventListener("change", () => {
  dark.value = systemIsDark.matches;
});

effect(() => {
  if (current.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = current.value;
});

export function theme(): Theme {
  return current.value;
}

/** Whether what is drawn on a canvas must be for a dark ground. */
export function isDark(): boolean {
  return current.value === "dark" || (current.value === "auto" && dark.value);
}

export function chooseTheme(chosen: Theme): void {
  current.value = chosen;
  keep(forThisBrowser, "theme", chosen);
}
