/** What charts are drawn from: pure arithmetic on points. */

/** Counts by reaction at a moment (Unix ms); cumulative unless said otherwise. */
export interface Point {
  readonly at: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** Reactions of a list of points, in the order in which they first stand there. */
export function reactionsOf(points: readonly Point[]): readonly string[] {
  return [...new Set(points.flatMap(({ counts }) => Object.keys(counts)))];
}

/** One reaction's values. */
export function valuesOf(points: readonly Point[], reaction: string): readonly number[] {
  return points.map(({ counts }) => counts[reaction] ?? 0);
}

/** Each row on top of those before it: what a stacked chart draws. */
export function stack(rows: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const sums: number[][] = [];
  for (const row of rows) sums.push(row.map((value, index) => value + (sums.at(-1)?.[index] ?? 0)));
  return sums;
}

/** Each point's counts as shares of its total, 0 to 1; a point without votes has none. */
export function shares(points: readonly Point[]): readonly Point[] {
  return points.map(({ at, counts }) => {
    const total = Object.values(counts).reduce((sum, count) => sum + Math.max(0, count), 0);
    const share = (count: number) => (total > 0 ? Math.max(0, count) / total : 0);
    return { at, counts: Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, share(n)])) };
  });
}

/** Net votes a minute between each point and the one before it; the first point has no past and is left out. */
export function velocity(
  points: readonly Point[],
): readonly { readonly at: number; readonly perMinute: number }[] {
  return points.slice(1).map((point, index) => {
    const before = points[index];
    const minutes = before === undefined ? 0 : (point.at - before.at) / 60_000;
    const change = before === undefined ? 0 : totalOf(point) - totalOf(before);
    return { at: point.at, perMinute: minutes > 0 ? change / minutes : 0 };
  });
}

function totalOf({ counts }: Point): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** Net votes between each point and the one before it. */
export function gains(points: readonly Point[]): readonly number[] {
  return points.slice(1).map((point, index) => totalOf(point) - totalOf(points[index] ?? point));
}
