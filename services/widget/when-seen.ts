/** Runs `act` once when an element is on the screen and the browser has nothing better to do; returns how to cancel. */
export function whenSeen(element: Element, act: () => void): () => void {
  let cancelled = false;
  const run = (): void => {
    if (!cancelled) act();
  };
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    // Safari has no idle callbacks.
    if (typeof requestIdleCallback === "function") requestIdleCallback(run, { timeout: 2_000 });
    else setTimeout(run, 200);
  });
  observer.observe(element);
  return () => {
    cancelled = true;
    observer.disconnect();
  };
}
