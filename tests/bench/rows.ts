/** What a benchmark says: one row a figure. */
export interface Row {
  readonly what: string;
  readonly figure: number;
  /** What it should reach, where something was promised. */
  readonly aim?: Aim | undefined;
  /** What the figure was made from. */
  readonly note: string;
}

/** A bound, and the side of it that is good. */
export interface Aim {
  readonly sense: "≥" | "≤" | "<";
  readonly figure: number;
}

/** Whether a figure is on the good side; one that could not be measured is not. */
export function isMet(figure: number, aim: Aim): boolean {
  if (aim.sense === "≥") return figure >= aim.figure;
  return aim.sense === "≤" ? figure <= aim.figure : figure < aim.figure;
}

/** Rows that missed what was promised. */
export function missedBy(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ figure, aim }) => aim !== undefined && !isMet(figure, aim));
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
  const lines = rows.map(({ what, figure, aim, note }) => {
    const promised = aim === undefined ? "" : `${aim.sense} ${aim.figure.toLocaleString("en")}`;
    const met = aim === undefined ? "" : isMet(figure, aim) ? "yes" : "**no**";
    return `| ${what} | ${format(figure)} | ${promised} | ${met} | ${note} |`;
  });
  process.stdout.write(
    `\n| what | measured | aim | met | from |\n|---|---|---|---|---|\n${lines.join("\n")}\n`,
  );
}
