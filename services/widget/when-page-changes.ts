/**
 * Calls `act` whenever the document may have become another page or another language: a route of a single-page
 * application, a new canonical address, a new `lang`.
 * @param signal ends it
 */
export function whenPageChanges(act: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(act);
  observer.observe(document.documentElement, { attributeFilter: ["lang"] });
  observer.observe(document.head, { childList: true, subtree: true, attributeFilter: ["href"] });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  window.addEventListener("popstate", act, { signal });
  // Where the browser has the Navigation API it tells of pushState, too; elsewhere the canonical address does.
  if (typeof navigation === "object") navigation.addEventListener("currententrychange", act, { signal });
}
