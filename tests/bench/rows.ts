/** What a benchmark says: one row a figure. */
export interface Row {
  readonly what: string;
  readonly figure: number;
  /** What it should reach, in words. */
  readonly aim: string;
  /** What the figure was made from. */
  readonly note: string;
}

/** The middle of some figures; of an even number the mean of the middle two, so that it flatters nobody. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** The smallest figure that at least this share of all figures does not exceed (nearest rank). */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Lowest and highest. */
export function spread(figures: readonly number[]): string {
  return `${format(Math.min(...figures))} to ${format(Math.max(...figures))}`;
}

/** Three digits are what a noisy machine can mean. */
export function format(figure: number): string {
  return Number.isFinite(figure)
    ? new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(figure)
    : "–";
}

/** Prints rows as a Markdown table. */
export function printTable(rows: readonly Row[]): void {
  const lines = rows.map(
    ({ what, figure, aim, note }) => `| ${what} | ${format(figure)} | ${aim} | ${note} |`,
  );
  process.stdout.write(`\n| what | measured | aim | from |\n|---|---|---|---|\n${lines.join("\n")}\n`);
}
