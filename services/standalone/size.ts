/** `npm run size`: what readers download, in bytes of gzip; fails when a part is over its budget. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../dist/services/widget/public/", import.meta.url));

/** First rule that fits a file. Budgets are kB of 1,000 bytes. */
const BUDGETS: readonly (readonly [RegExp, number])[] = [
  [/^widget\.js$/, 6],
  [/^assets\/later-/, 6.4],
  [/^assets\/(?:move|own-look|solve-puzzle)-/, 1.1],
  [/^hot-pages\.js$/, 6],
  [/^dashboard\/assets\/main-/, 65],
  [/^dashboard\/assets\/[a-z]{2}(?:-[a-z]+)?-\w+\.js$/, 6],
  [/^assets\/[a-z]{2}(?:-[a-z]+)?-\w+\.js$/, 1.2],
];

const rows = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".js"))
  .sort()
  .map((file) => {
    const budget_kB = BUDGETS.find(([name]) => name.test(file))?.[1];
    const gzip = statSync(join(FOLDER, `${file}.gz`)).size;
    const over = budget_kB !== undefined && gzip > budget_kB * 1_000;
    return {
      file,
      raw: statSync(join(FOLDER, file)).size,
      gzip,
      brotli: statSync(join(FOLDER, `${file}.br`)).size,
      budget_kB,
      over,
    };
  });

console.table(
  rows.map(({ over, budget_kB = "-", ...row }) => ({
    ...row,
    "budget kB": budget_kB,
    "": over ? "OVER" : "",
  })),
);
if (rows.length === 0 || rows.some(({ over }) => over)) process.exitCode = 1;
