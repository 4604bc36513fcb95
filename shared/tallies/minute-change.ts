/** What scripts say of changes, by minute: the worker adds them up for the site. */
import { MAX_REACTIONS } from "../contract/reactions.ts";

/** By how much each reaction's total changed, and when. */
export interface MinuteChange {
  /** Number of the minute since 1970. */
  readonly minute: number;
  /** Net change by index of the reaction, eight numbers. */
  readonly moved: readonly number[];
}

/** Values of a change in a reply: the minute, then the eight. */
const VALUES = 1 + MAX_REACTIONS;

/**
 * The changes at the end of a reply: of each minute its number and its eight values; or of the only one its number alone.
 * @param moved the values of the only one
 * @throws Error when it is out of shape
 */
export function toMinuteChanges(
  values: readonly number[],
  moved: readonly number[] = [],
): readonly MinuteChange[] {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return [{ minute: only, moved }];
  if (values.length % VALUES !== 0) throw new Error("a script answered out of shape");
  return Array.from({ length: values.length / VALUES }, (_, index) => {
    const [minute = 0, ...changed] = values.slice(index * VALUES, (index + 1) * VALUES);
    return { minute, moved: changed };
  });
}
