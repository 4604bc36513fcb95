/** A word-sized chart of the last minutes: net votes, with the line of zero. */

const WIDTH = 120;
const HEIGHT = 28;

/** Decoration: the numbers beside it say the rest. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={`${sparkPath(values)}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} />
      <path class="spark-line" d={sparkPath(values)} />
    </svg>
  );
}

/** The line, in a box of 120 by 28. */
export function sparkPath(values: readonly number[]): string {
  const high = Math.max(1, ...values);
  const low = Math.min(0, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const y = (value: number) => HEIGHT - 2 - ((value - low) / (high - low)) * (HEIGHT - 4);
  const points = values.map((value, index) => `${(index * step).toFixed(1)} ${y(value).toFixed(1)}`);
  return `M${points.length > 0 ? points.join("L") : `0 ${HEIGHT - 2}`}`;
}
