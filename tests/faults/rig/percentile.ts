/**
 * The value that `percent` of all are not above, and the worst of them where there are few.
 * @throws RangeError when there is none: nothing was measured then, and that must not look like a good value
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
  if (value === undefined) throw new RangeError("nothing was measured");
  return value;
}
