/**
 * `npm run bench`: what this service reaches, as ratios and figures of one run on one machine. `-- --quick` runs each part once
 * and briefly, so that the benchmarks cannot rot; its figures mean little. `-- --only accept,tally` runs some parts.
 * `-- --strict` fails when an aim is missed: for a machine that does nothing else meanwhile.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchAccept } from "./accept.ts";
import { canPin } from "./begin.ts";
import { benchDashboards } from "./dashboards.ts";
import { benchExport } from "./export.ts";
import { benchLatency } from "./latency.ts";
import { benchLimits } from "./limits.ts";
import { missedBy, printTable, type Row } from "./rows.ts";
import { benchTally } from "./tally.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
    only: { type: "string", default: "tally,accept,limits,latency,export,dashboards" },
  },
});
const quick = values.quick;

const PARTS: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  tally: () => benchTally(quick ? 50_000 : 1_000_000),
  accept: () => (quick ? benchAccept(1, 1) : benchAccept(5, 5)),
  limits: () => (quick ? benchLimits(1, 1) : benchLimits(7, 4)),
  export: () => benchExport(quick ? 20_000 : 1_000_000),
  latency: () => benchLatency(quick ? 20 : 200),
  dashboards: () => (quick ? benchDashboards(1, 1, 20, 2_000) : benchDashboards(5, 10, 200, 1_000_000)),
};

process.stdout.write(
  `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}; ${
    canPin ? "the server on core 0, all else on core 1" : "nothing pinned: no taskset here"
  }\n`,
);
const rows: Row[] = [];
for (const name of values.only.split(",")) {
  const part = PARTS[name];
  if (part === undefined)
    throw new Error(`--only: expected some of ${Object.keys(PARTS).join(", ")}, got ${name}`);
  process.stdout.write(`${name} …\n`);
  rows.push(...(await part()));
}
printTable(rows);
const missed = missedBy(rows);
if (values.strict && missed.length > 0) {
  process.stderr.write(`Missed: ${missed.map(({ what }) => what).join("; ")}\n`);
  process.exitCode = 1;
}
