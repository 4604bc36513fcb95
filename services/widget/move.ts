/** The small movements of the bar: none for readers who asked for less motion. */

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
  if (!moves()) return;
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
