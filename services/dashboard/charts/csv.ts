/** A chart as a table (RFC 4180), for spreadsheets. */

export interface Column {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Spreadsheets take a cell that begins so for a formula; an apostrophe makes it text (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * @param at Unix ms of each row; written as ISO 8601 in UTC, which every spreadsheet reads the same way
 * @returns lines that end with CRLF, the first with the columns' names
 */
export function toCsv(at: readonly number[], columns: readonly Column[]): string {
  const lines = [["time", ...columns.map(({ name }) => name)].map(cell)];
  for (const [index, time] of at.entries()) {
    lines.push([new Date(time).toISOString(), ...columns.map(({ values }) => String(values[index] ?? ""))]);
  }
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A file's name from a title: letters, digits and hyphens of any language. */
export function fileNameOf(title: string, kind: "csv" | "png"): string {
  const name = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${[...name].slice(0, 60).join("") || "chart"}.${kind}`;
}
