/** What this browser remembers. Storage may be forbidden; then it lasts as long as the page. */

/** A remembered word; null when there is none. */
export function kept(storage: () => Storage, name: string): string | null {
  try {
    return storage().getItem(`reader-reactions:dashboard:${name}`);
  } catch {
    return null;
  }
}

/** Remembers a word; null forgets it. */
export function keep(storage: () => Storage, name: string, value: string | null): void {
  const key = `reader-reactions:dashboard:${name}`;
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {}
}

/** Ends with the tab. */
export const forThisTab = (): Storage => sessionStorage;
/** Stays. */
export const forThisBrowser = (): Storage => localStorage;
