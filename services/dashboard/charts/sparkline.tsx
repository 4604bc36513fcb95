/** A word-sized chart of the last minutes: net votes, with the line of zero. */
import { HEIGHT, sparkPath, WIDTH } from "./spark-path.ts";

/** Decoration: the numbers beside it say the rest. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="spark-area" d={`${sparkPath(values)}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} />
      <path class="spark-line" d={sparkPath(values)} />
    </svg>
  );
}
