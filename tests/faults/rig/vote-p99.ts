import type { History } from "./history.ts";

/** Of votes over HTTP that were asked for since `since_ms` (Unix ms) and accepted, ms. */
export function voteP99_ms({ votes }: History, since_ms: number): number {
  const took_ms = votes
    .filter(
      ({ began_ms, outcome, road }) => began_ms >= since_ms && outcome === "accepted" && road === "http",
    )
    .map(({ began_ms, ended_ms }) => ended_ms - began_ms)
    .sort((a, b) => a - b);
  return took_ms[Math.floor(took_ms.length * 0.99)] ?? 0;
}
