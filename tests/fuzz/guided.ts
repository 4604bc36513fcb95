/**
 * `npm run fuzz:guided -- [--seconds 60] [--seed 7] [--record]`: coverage-guided fuzzing of everything that parses input from outside or
 * checks a token. An input that runs code which none before it ran is kept, and bent further. jazzer.js would do the same
 * with libFuzzer, but its native part asks for a newer C library (glibc 2.38) than Debian 12 has.
 */
import { parseArgs } from "node:util";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { Random } from "../faults/rig/random.ts";
import { recordResults } from "../faults/rig/record-results.ts";
import { startJwks } from "../support/jwks-server.ts";
import { redisAddress } from "../support/redis-place.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { mutate } from "./mutate.ts";
import { ReachedCode } from "./reached-code.ts";
import type { Target } from "./target.ts";
import { openTargets } from "./targets.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    record: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const random = new Random(seed);
const lifecycle = new Lifecycle();
const [server, publisher] = await Promise.all([startRedisProcess(), startJwks()]);
const redis = openRedis("reader", redisAddress(server.url), lifecycle, openLog("fuzz", "silent"));
await whenConnected(redis);
const targets = Object.entries(await openTargets(redis, publisher));
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
const rows = ["| what | inputs | kept | blocks of code |", "| --- | --- | --- | --- |"];
const faults: string[] = [];
let all = 0;
for (const [name, target] of targets) {
  const before = reached.blocks;
  const { inputs, kept, fault } = await fuzz(target, reached);
  rows.push(`| ${name} | ${inputs} | ${kept} | ${reached.blocks - before} |`);
  all += inputs;
  if (fault !== undefined) faults.push(`${name}: ${fault}`);
}
await lifecycle.stop();
await Promise.all([server.stop(), publisher.stop()]);
const table = [...rows, "", `${targets.length} targets, ${all} inputs; ${faults.length} faults.`].join("\n");
console.log(`Seed ${seed}\n\n${table}`);
for (const fault of faults) console.log(`\n${fault}`);
if (values.record) recordResults("guided fuzzing", `seed ${seed}, ${values.seconds} seconds`, table);
process.exit(faults.length === 0 ? 0 : 1);
