/** `npm run simulate -- [--steps 1000000] [--seed 7] [--record]`: a million messages in every order, checked as the faults are. */
import { parseArgs } from "node:util";
import { checkHistory } from "../faults/rig/check-history.ts";
import { Random } from "../faults/rig/random.ts";
import { recordResults } from "../faults/rig/record-results.ts";
import { simulate } from "./simulate.ts";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    record: { type: "boolean", default: false },
  },
});
const steps = Number(values.steps);
const seed = Number(values.seed);

/** One world each: short ones end, and are checked, more often. */
const STEPS_A_WORLD = 20_000;

const began_ms = performance.now();
let [votes, accepted, found] = [0, 0, 0];
const worlds = Math.ceil(steps / STEPS_A_WORLD);
for (let world = 0; world < worlds; world++) {
  const { history, final, unfinished } = await simulate(new Random(seed + world), STEPS_A_WORLD);
  votes += history.votes.length;
  accepted += history.votes.filter(({ at }) => at !== undefined).length;
  const findings = checkHistory(history, final);
  found += findings.length + unfinished;
  if (unfinished > 0) console.log(`seed ${seed + world}: ${unfinished} presses or jobs never came to an end`);
  for (const { kind, detail } of findings.slice(0, 5))
    console.log(`seed ${seed + world}: ${kind}: ${detail}`);
}
const took_s = Math.round((performance.now() - began_ms) / 1_000);
const line = `${worlds} worlds, ${worlds * STEPS_A_WORLD} steps in ${took_s} s: ${votes} votes, ${accepted} accepted, ${found} findings.`;
console.log(`Seed ${seed}: ${line}`);
if (values.record) recordResults("simulation", `seed ${seed}`, line);
process.exit(found === 0 ? 0 : 1);
