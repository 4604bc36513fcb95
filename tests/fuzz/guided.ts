/**
 * `npm run fuzz:guided -- [--seconds 30] [--seed 7]`: coverage-guided fuzzing of everything that parses input from outside or
 * checks a token. An input that runs code which none before it ran is kept, and bent further. jazzer.js would do the same
 * with libFuzzer, but its native part asks for a newer C library (glibc 2.38) than Debian 12 has.
 */
import { parseArgs } from "node:util";
import { Random } from "../faults/rig/random.ts";
import { mutate } from "./mutate.ts";
import { ReachedCode } from "./reached-code.ts";
import { openTargets, type Target } from "./targets.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const seed = Number(values.seed);
const random = new Random(seed);
const targets = Object.entries(await openTargets());
const each_ms = (Number(values.seconds) * 1_000) / targets.length;

/** Inputs between two readings of the coverage, which cost more than most inputs. */
const GROUP = 8;

interface Outcome {
  readonly inputs: number;
  /** Inputs to begin with, and those that were kept because one of their group ran something new. */
  readonly kept: number;
  readonly fault: string | undefined;
}

async function fuzz({ examples, run }: Target, reached: ReachedCode): Promise<Outcome> {
  const corpus = [...examples];
  const until_ms = performance.now() + each_ms;
  let inputs = 0;
  for (let group = examples; ; group = Array.from({ length: GROUP }, () => bend(corpus))) {
    for (const input of group) {
      inputs++;
      try {
        await run(input);
      } catch (error) {
        const fault = `${error instanceof Error ? error.stack : String(error)}\n  for ${JSON.stringify(input)}`;
        return { inputs, kept: corpus.length, fault };
      }
    }
    if (reached.newBlocks() > 0 && group !== examples) corpus.push(...group);
    if (performance.now() > until_ms) return { inputs, kept: corpus.length, fault: undefined };
  }
}

function bend(corpus: readonly string[]): string {
  return mutate(random.pick(corpus), random.pick(corpus), random);
}

const reached = new ReachedCode();
reached.begin();
console.log(`Seed ${seed}\n\n| what | inputs | kept | blocks of code |\n| --- | --- | --- | --- |`);
const faults: string[] = [];
for (const [name, target] of targets) {
  const before = reached.blocks;
  const { inputs, kept, fault } = await fuzz(target, reached);
  console.log(`| ${name} | ${inputs} | ${kept} | ${reached.blocks - before} |`);
  if (fault !== undefined) faults.push(`${name}: ${fault}`);
}
for (const fault of faults) console.log(`\n${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
