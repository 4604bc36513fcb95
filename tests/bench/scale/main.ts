/**
 * `npm run bench:scale [part …]`: how far one of each goes on this machine. Parts: `cost`, `hot`, `apis`, `viewers`; none
 * named: all. `--quick` makes each small. Every part prints one line a figure; docs/CAPACITY.md says what follows from them.
 */
import { cpus } from "node:os";
import { measureApis } from "./apis.ts";
import { measureCost } from "./cost.ts";
import { measureHotPage } from "./hot-page.ts";
import { measureViewers } from "./viewers.ts";

const PARTS = { cost: measureCost, hot: measureHotPage, apis: measureApis, viewers: measureViewers } as const;

const args = process.argv.slice(2);
const quick = args.includes("--quick");
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`expected parts ${Object.keys(PARTS).join(", ")}, got ${unknown.join(", ")}`);
  process.exit(1);
}
console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`);
for (const [name, measure] of Object.entries(PARTS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  console.log(`\n${name}`);
  await measure({ quick, say: (figure, value) => console.log(`  ${figure.padEnd(66)} ${value}`) });
}
process.exit(0);
