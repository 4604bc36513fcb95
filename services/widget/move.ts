/** The small movements of the bar, loaded at the first touch or change: none for readers who asked for less motion. */

/** The rays of a burst. */
const CSS = `.icon:after{content:"";position:absolute;inset:50% auto auto 50%;width:4px;height:4px;margin:-2px;border-radius:50%;opacity:0;color:var(--accent);pointer-events:none;box-shadow:0 -26px,18px -18px,26px 0,18px 18px,0 26px,-18px 18px,-26px 0,-18px -18px}`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);

function moves(): boolean {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A number rolls in: from below when it grew, from above when it shrank. */
export function roll(count: HTMLElement, grew: boolean): void {
  if (!moves()) return;
  const from = { transform: `translateY(${grew ? "70%" : "-70%"})`, opacity: 0 };
  count.animate([from, { transform: "none", opacity: 1 }], {
    duration: 220,
    easing: "cubic-bezier(.2,.8,.2,1)",
  });
}

/** A small burst around the icon of a button that was just pressed. */
export function burst(icon: HTMLElement): void {
  const root = icon.getRootNode();
  if (!moves() || !(root instanceof ShadowRoot)) return;
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  icon.animate([{ scale: "0.7" }, { scale: "1.25", offset: 0.45 }, { scale: "1" }], {
    duration: 380,
    easing: "ease-out",
  });
  icon.animate(
    [
      { transform: "scale(.3)", opacity: 1 },
      { opacity: 1, offset: 0.5 },
      { transform: "scale(1)", opacity: 0 },
    ],
    { duration: 480, easing: "ease-out", pseudoElement: "::after" },
  );
}
