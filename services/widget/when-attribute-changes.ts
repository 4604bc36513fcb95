/**
 * Calls `act` whenever an attribute of `host` changes. For attributes that only the part that loads later reads: the tag itself
 * need not know them.
 * @param signal ends it
 */
export function whenAttributeChanges(
  host: Element,
  name: string,
  act: (value: string | null) => void,
  signal: AbortSignal,
): void {
  const observer = new MutationObserver(() => act(host.getAttribute(name)));
  observer.observe(host, { attributeFilter: [name] });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
