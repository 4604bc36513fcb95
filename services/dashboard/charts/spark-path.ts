/** The line of a sparkline. */

export const WIDTH = 120;
export const HEIGHT = 28;

/** The line, in a box of 120 by 28. */
export function sparkPath(values: readonly number[]): string {
  const high = Math.max(1, ...values);
  const low = Math.min(0, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const y = (value: number) => HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
  const points = values.map((value, index) => `${(index * step).toFixed(1)} ${y(value).toFixed(1)}`);
  return `M${points.length > 0 ? points.join("L") : `0 ${HEIGHT - 2}`}`;
}
