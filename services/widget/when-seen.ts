/** Runs `act` once when an element is on the screen and the browser has nothing better to do; returns how to cancel. */
export function whenSeen(element: Element, act: () => void): () => void {
  let cancelIdle: () => void = () => {};
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    // Safari has no idle callbacks.
    if (typeof requestIdleCallback === "function") {
      const idle = requestIdleCallback(act, { timeout: 2_000 });
      cancelIdle = () => cancelIdleCallback(idle);
    } else {
      const soon = setTimeout(act, 200);
      cancelIdle = () => clearTimeout(soon);
    }
  });
  observer.observe(element);
  return () => {
    observer.disconnect();
    cancelIdle();
  };
}
