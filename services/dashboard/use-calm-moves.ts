/** Rows that change places glide to their new ones, unless the viewer wants less motion. */
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

const MOVE_MS = 500;

/**
 * @param list whose children have a `data-key` each
 * @param order changes when their order does
 */
export function useCalmMoves(list: RefObject<HTMLElement | null>, order: string): void {
  const places = useRef(new Map<string, number>());
  // Only a new order moves rows.
  useLayoutEffect(() => {
    const rows = [...(list.current?.children ?? [])].filter((row) => row instanceof HTMLElement);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const now = new Map(rows.map((row) => [row.dataset.key ?? "", row.offsetTop]));
    for (const row of rows) {
      const before = places.current.get(row.dataset.key ?? "");
      const moved = before === undefined ? 0 : before - row.offsetTop;
      if (moved === 0 || still) continue;
      row.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], {
        duration: MOVE_MS,
        easing: "ease-in-out",
      });
    }
    places.current = now;
  }, [order]);
}
