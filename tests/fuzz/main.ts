/**
 * `npm run fuzz -- [--inputs 20000] [--seed 7] [--record]`: throws nearly right input at every route and event, and bytes at
 * the ports, of real processes. No answer may be a 5xx, every refusal is a problem, nothing crashes, no process's memory grows,
 * and of what was refused nothing is there: readers' records and totals are exactly what the accepted votes say, and
 * moderators' settings, tokens and webhooks are as they were. So that this says something, each route and each event must be
 * carried out at least once.
 */
import { parseArgs } from "node:util";
import { recordResults } from "../faults/rig/record-results.ts";
import { lookForNeverDone } from "./carried-out.ts";
import { playLimited } from "./limited-phase.ts";
import { playOpen } from "./open-phase.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    record: { type: "boolean", default: false },
  },
});
const total = Number(values.inputs);
const seed = Number(values.seed);

/** The share of inputs that are thrown with limits on; there the most of them is soon refused. */
const LIMITED_SHARE = 0.15;

const began_ms = performance.now();
const open = await playOpen(total * (1 - LIMITED_SHARE), seed);
await open.scene.stop();
const limited = await playLimited(total * LIMITED_SHARE, seed);
await limited.scene.stop();

const phases = [open, limited];
const all = phases.map(({ scene }) => scene.outcomes);
const thrown = phases.reduce((sum, phase) => sum + phase.thrown, 0);
const done = new Set(all.flatMap((outcomes) => [...outcomes.carriedOut]));
const operations = lookForNeverDone(
  open.scene.document.operations.map(({ name }) => name),
  done,
  thrown,
);
const faults = [...all.flatMap((outcomes) => outcomes.faults), ...operations.faults];
const answers = [...new Set(all.flatMap((outcomes) => outcomes.answers))].sort((a, b) => a.localeCompare(b));
const meant = answers
  .filter((answer) => answer.endsWith("as it should"))
  .map((answer) => `${all.reduce((sum, outcomes) => sum + outcomes.times(answer), 0)} × ${answer}`);
const unmeant = faults.filter((fault) => /^(?:status |handshake |HTTP\/1\.1 )5/.test(fault)).length;
const pages = phases.flatMap(({ scene }) => [...scene.states.values()]).map((state) => state.pages.size);
const held = [...limited.scene.states.values()].reduce((sum, state) => sum + state.held, 0);
const table = [
  "| answer | limits off | limits on |",
  "| --- | --- | --- |",
  ...answers.map((answer) => `| ${[answer, ...all.map((outcomes) => outcomes.times(answer))].join(" | ")} |`),
  "",
  `${thrown} inputs in ${Math.round((performance.now() - began_ms) / 1_000)} s; ${faults.length} faults.`,
  `${unmeant} unmeant 5xx; meant: ${meant.length === 0 ? "none" : meant.join(", ")}.`,
  `${pages.reduce((sum, count) => sum + count, 0)} pages voted on, whose records and totals are what the accepted votes say, ${held} votes held among them.`,
  `${operations.said}.`,
  ...phases.map(
    ({ scene }, index) =>
      `Memory above that after a quarter of the run, limits ${index === 0 ? "off" : "on"}: ${scene.grown}.`,
  ),
].join("\n");
console.log(`Seed ${seed}\n\n${table}`);
for (const line of faults.slice(0, 20)) console.log(line);
if (values.record) recordResults("fuzz", `seed ${seed}`, table);
process.exit(faults.length === 0 ? 0 : 1);
