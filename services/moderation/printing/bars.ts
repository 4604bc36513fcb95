/** A small bar chart for a terminal: eighths of a block, so that a short bar still shows differences. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Columns of the longest bar. */
export const BAR_WIDTH = 24;

/**
 * A bar for `value`, as long as its share of `most`; anything above zero shows at least something.
 * @param most the value of the longest bar
 */
export function bar(value: number, most: number): string {
  if (value <= 0 || most <= 0) return "";
  const eighths = Math.max(1, Math.round((value / most) * BAR_WIDTH * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}
