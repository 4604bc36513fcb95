/** `npm run simulate:raid -- [--seed 7] [--only part-of-a-name] [--record]`: what attackers reach, and what honest readers feel of it. */
import { pbkdf2Sync } from "node:crypto";
import { parseArgs } from "node:util";
import { ROUNDS, TRIES_MAX } from "../../../shared/votes/puzzle-level.ts";
import { Random } from "../../faults/rig/random.ts";
import { recordResults } from "../../faults/rig/record-results.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { type Fate, playDay } from "./play-day.ts";
import { READER_KINDS } from "./presses.ts";
import { SCENARIOS } from "./scenarios.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    only: { type: "string", default: "" },
    record: { type: "boolean", default: false },
  },
});
const server = await startRedisProcess();
const { redis, lifecycle } = openTestRedis("worker", server.url);
// A day's calls one after the other: what is on disk afterwards does not matter here.
await redis.config("SET", "appendfsync", "no");
const lines = [
  "| raid | moved the total by | what it cost | CPU seconds of puzzles | honest votes | refused or asked | held at some time | late by 10 minutes | held at the end | refused or late, by kind: homes / families / offices / carriers |",
  "|---|---|---|---|---|---|---|---|---|---|",
];
const round_s = secondsARound();
const percent = (part: number, whole: number): string => `${part} (${((100 * part) / whole).toFixed(2)} %)`;
const began_ms = performance.now();
for (const { name, cost, presses } of SCENARIOS) {
  if (!name.includes(values.only)) continue;
  const { honest, attack, kinds } = await playDay(redis, name, presses(new Random(Number(values.seed))));
  const of = (part: Exclude<keyof Fate, "asked">): string => percent(honest[part], honest.presses);
  const disturbed = honest.refused + puzzlesOf(honest);
  const moved = attack.presses === 0 ? "" : `+${percent(attack.counted, honest.presses)}`;
  lines.push(
    `| ${name} | ${moved} | ${cost}${requestsOf(attack)} | ${Math.round(cpuSeconds(attack))} for ${puzzlesOf(attack)} | ${honest.presses} | ${percent(disturbed, honest.presses)} | ${of("everHeld")} | ${of("late")} | ${of("held")} | ${READER_KINDS.map((kind) => shareOf(kinds[kind])).join(" / ")} |`,
  );
  console.log(lines.at(-1));
}
const took_s = Math.round((performance.now() - began_ms) / 1_000);
console.log(`\nSeed ${values.seed}, ${took_s} s.\n\n${lines.join("\n")}`);
if (values.record) recordResults("raids", `seed ${values.seed}`, lines.join("\n"));
await lifecycle.stop();
await server.stop();

function shareOf({ presses, late }: { readonly presses: number; readonly late: number }): string {
  return presses === 0 ? "–" : `${((100 * late) / presses).toFixed(2)} %`;
}

/** What an attacker who wastes nothing needs for one round of PBKDF2 on this machine: OpenSSL on one core. */
function secondsARound(): number {
  const rounds = 500_000;
  const before = process.cpuUsage();
  pbkdf2Sync("password", "salt", rounds, 32, "sha256");
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / rounds;
}

/** Counters are drawn evenly from the upper half of the tries. */
function cpuSeconds({ asked }: Fate): number {
  const tries = 0.75 * (asked[1] * TRIES_MAX[1] + asked[2] * TRIES_MAX[2] + asked[3] * TRIES_MAX[3]);
  return tries * ROUNDS * round_s;
}

/** What the raid sent, as it was played: whoever is asked sends the solution in a request of its own. */
function requestsOf(attack: Fate): string {
  const { presses, votes, tokens, refused } = attack;
  if (presses === 0) return "";
  const solutions = puzzlesOf(attack);
  const parts = [`${votes} votes`, `${tokens} for tokens`, `${solutions} solutions`];
  return `: ${votes + tokens + solutions} requests (${parts.join(", ")}${refused > 0 ? `; ${refused} refused` : ""})`;
}

function puzzlesOf({ asked }: Fate): number {
  return asked[1] + asked[2] + asked[3];
}
