/** A straight line through measurements, and how far chance alone may have tilted it: ordinary least squares. */

export interface Slope {
  /** On the line, at the first measurement and at the last. */
  readonly start: number;
  readonly end: number;
  readonly slopePerHour: number;
  /** Standard error of the slope: twice as much is what chance makes of a level line in one run of twenty. */
  readonly errorPerHour: number;
}

/** @param points time in hours and what was measured then: three at least, not all at the same time */
export function slopeOf(points: readonly (readonly [hours: number, value: number])[]): Slope {
  const count = points.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / count;
  const middle_h = mean(points.map(([at_h]) => at_h));
  const level = mean(points.map(([, value]) => value));
  const spread = points.reduce((sum, [at_h]) => sum + (at_h - middle_h) ** 2, 0);
  if (count < 3 || spread === 0) throw new RangeError("too few measurements for a slope");
  const slope = points.reduce((sum, [at_h, value]) => sum + (at_h - middle_h) * (value - level), 0) / spread;
  const line = (at_h: number): number => level + slope * (at_h - middle_h);
  const squares = points.reduce((sum, [at_h, value]) => sum + (value - line(at_h)) ** 2, 0);
  return {
    start: line(points[0]?.[0] ?? middle_h),
    end: line(points.at(-1)?.[0] ?? middle_h),
    slopePerHour: slope,
    errorPerHour: Math.sqrt(squares / (count - 2) / spread),
  };
}
