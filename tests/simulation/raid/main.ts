/**
 * `npm run simulate:raid -- [--seed 7] [--days 1] [--only part-of-a-name] [--record]`: what attackers reach, and what honest readers feel
 * of it. With several days each raid is played with as many seeds, the first of which is named: chance decides who shares a counter.
 */
import { parseArgs } from "node:util";
import { Random } from "../../faults/rig/random.ts";
import { recordResults } from "../../faults/rig/record-results.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { type PlayedDay, playDay } from "./play-day.ts";
import { SCENARIOS } from "./scenarios.ts";
import { HEAD, rowOf } from "./table.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    days: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    record: { type: "boolean", default: false },
  },
});
const first = Number(values.seed);
const days = Number(values.days);
if (!Number.isInteger(first) || !Number.isInteger(days) || days < 1)
  throw new RangeError("--seed takes a whole number, --days one from 1 on");

const server = await startRedisProcess();
const { redis, lifecycle } = openTestRedis("worker", server.url);
// A day's calls one after the other: what is on disk afterwards does not matter here.
await redis.config("SET", "appendfsync", "no");
const lines = [...HEAD];
const began_ms = performance.now();
for (const scenario of SCENARIOS) {
  if (!scenario.name.includes(values.only)) continue;
  const play = (seed: number): Promise<PlayedDay> =>
    playDay(redis, `${scenario.name} ${seed}`, scenario.presses(new Random(seed)));
  const played: [PlayedDay, ...PlayedDay[]] = [await play(first)];
  for (let seed = first + 1; seed < first + days; seed++) played.push(await play(seed));
  lines.push(rowOf(scenario, played));
  console.log(lines.at(-1));
}
const seeds = days === 1 ? `seed ${first}` : `seeds ${first} to ${first + days - 1}: the median; the worst`;
console.log(`\n${seeds}, ${Math.round((performance.now() - began_ms) / 1_000)} s.\n\n${lines.join("\n")}`);
if (values.record) recordResults("raids", seeds, lines.join("\n"));
await lifecycle.stop();
await server.stop();
