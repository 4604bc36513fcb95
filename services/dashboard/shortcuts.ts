/** One key, one deed. */
import { signal } from "@preact/signals";
import { forThisBrowser, keep, kept } from "./keep.ts";
import { VIEWS, type View } from "./route.ts";

export type Deed =
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "help" | "find" | "theme" | "wall" | "next" | "previous" };

/** Key by view. */
export const VIEW_KEYS: Readonly<Record<View, string>> = {
  now: "n",
  page: "p",
  alerts: "a",
  audit: "u",
  system: "s",
};

const OTHERS: Readonly<Record<string, Deed>> = {
  "?": { kind: "help" },
  "/": { kind: "find" },
  t: { kind: "theme" },
  w: { kind: "wall" },
  j: { kind: "next" },
  k: { kind: "previous" },
};

/** What a pressed key asks for; undefined when it is meant for a field, a button or the browser. */
export function deedOf(
  key: string,
  { inField, modified }: { inField: boolean; modified: boolean },
): Deed | undefined {
  if (inField || modified) return undefined;
  const view = VIEWS.find((one) => VIEW_KEYS[one] === key);
  if (view !== undefined) return { kind: "view", view };
  return Object.hasOwn(OTHERS, key) ? OTHERS[key] : undefined;
}

/** Keys of single letters get into the way of whoever speaks to their computer (WCAG 2.1.4): they can be switched off. */
const on = signal(kept(forThisBrowser, "keys") !== "off");

export function keysOn(): boolean {
  return on.value;
}

export function switchKeys(to: boolean): void {
  on.value = to;
  keep(forThisBrowser, "keys", to ? null : "off");
}

/** Calls `act` for every deed that is asked for. @returns ends it */
export function listenToKeys(act: (deed: Deed) => void): () => void {
  const hear = (event: KeyboardEvent): void => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    const inField =
      target instanceof HTMLElement &&
      target.closest("input, select, textarea, dialog") !== null &&
      // What had the focus in a dialog keeps it until the next frame after that was closed, and hears of keys until then.
      target.closest("dialog:not([open])") === null;
    const deed = deedOf(key, { inField, modified: ctrlKey || metaKey || altKey });
    if (deed === undefined || (!keysOn() && deed.kind !== "help")) return;
    event.preventDefault();
    act(deed);
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}
