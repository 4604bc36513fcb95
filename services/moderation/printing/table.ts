import Table from "cli-table3";
import { printable } from "./printable.ts";

/** Spaces instead of lines: a table must stay readable in a mail and in `grep`. */
const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** A cell: numbers stand to the right, all else to the left. */
export type Cell = string | number;

/**
 * Rows under their heads, in columns as wide as their widest cell (wide characters count double). Ends with a line break.
 * @param heads one for each column
 */
export function tableOf(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const numeric = heads.map(
    (_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === "number"),
  );
  const table = new Table({
    head: [...heads],
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: numeric.map((right) => (right ? "right" : "left")),
  });
  for (const row of rows) table.push(row.map(cellOf));
  return `${table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")}\n`;
}

function cellOf(cell: Cell): string {
  return typeof cell === "number" ? cell.toLocaleString("en") : printable(cell);
}
