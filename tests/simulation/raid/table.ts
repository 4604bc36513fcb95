/** The table of raids, as Markdown: a row for each, of one day or of several. */
import { pbkdf2Sync } from "node:crypto";
import { ROUNDS, TRIES_MAX } from "../../../shared/votes/puzzle-level.ts";
import { median } from "../../bench/rows.ts";
import type { Fate, PlayedDay } from "./play-day.ts";
import { READER_KINDS } from "./presses.ts";
import type { Scenario } from "./scenarios.ts";

/** Parts of all honest votes: those that are refused or asked, and those that are held for more than ten minutes. Of forty, one is more. */
const DISTURBED_MAX = 0.001;
const LATE_MAX = 0.005;

const COLUMNS = [
  "raid",
  "moved the total by",
  "at most",
  "what it cost",
  "CPU seconds of puzzles",
  "honest votes",
  "refused or asked",
  "held at some time",
  "late by 10 minutes",
  "held at the end",
  "refused or late, by kind: homes / families / offices / carriers",
  "aims met",
];
export const HEAD = [`| ${COLUMNS.join(" | ")} |`, `|${"---|".repeat(COLUMNS.length)}`];

/** @param days the raid with one seed or several: of several the median is shown, then the worst, which has to meet the aims */
export function rowOf(
  { name, cost, moves_max }: Scenario,
  days: readonly [PlayedDay, ...PlayedDay[]],
): string {
  const [{ attack, honest }] = days;
  const attacked = attack.presses > 0;
  const voters = honest.presses;
  const all = (of: (day: PlayedDay) => number): string => spreadOf(days.map(of), voters);
  const worst = (of: (day: PlayedDay) => number): number => Math.max(...days.map(of));
  const most = moves_max?.(voters) ?? Number.POSITIVE_INFINITY;
  const met =
    worst((day) => day.attack.counted) <= most &&
    worst((day) => disturbed(day.honest)) <= Math.max(1, DISTURBED_MAX * voters) &&
    worst((day) => day.honest.late) <= Math.max(1, LATE_MAX * voters);
  const kinds = READER_KINDS.map((kind) => {
    const shares = days.map(({ kinds: of }) => of[kind].late / of[kind].presses);
    return shares.some(Number.isNaN) ? "–" : percents(shares);
  });
  const cells = [
    name,
    attacked ? `+${all((day) => day.attack.counted)}` : "",
    Number.isFinite(most) ? `+${most}` : "",
    attacked ? `${cost}: ${requestsOf(attack)}` : "",
    attacked ? `${Math.round(cpuSeconds(attack))} for ${puzzlesOf(attack)}` : "",
    `${voters}`,
    all((day) => disturbed(day.honest)),
    all((day) => day.honest.everHeld),
    all((day) => day.honest.late),
    all((day) => day.honest.held),
    kinds.join(" / "),
    met ? "yes" : "**no**",
  ];
  return `| ${cells.join(" | ")} |`;
}

function spreadOf(votes: readonly number[], voters: number): string {
  const counts = medianAndWorst(votes).map(Math.round);
  return `${counts.join("; ")} (${percents(votes.map((count) => count / voters))})`;
}

function percents(shares: readonly number[]): string {
  return `${medianAndWorst(shares)
    .map((share) => (100 * share).toFixed(2))
    .join("; ")} %`;
}

/** One figure where they are all the same. */
function medianAndWorst(figures: readonly number[]): readonly number[] {
  return new Set(figures).size === 1 ? figures.slice(0, 1) : [median(figures), Math.max(...figures)];
}

function disturbed(honest: Fate): number {
  return honest.refused + puzzlesOf(honest);
}

/** What an attacker who wastes nothing needs for the puzzles on this machine: counters are drawn evenly from the upper half of the tries. */
function cpuSeconds({ asked }: Fate): number {
  const tries = 0.75 * (asked[1] * TRIES_MAX[1] + asked[2] * TRIES_MAX[2] + asked[3] * TRIES_MAX[3]);
  return tries * ROUNDS * secondsARound();
}

/** One round of PBKDF2: OpenSSL on one core. */
function secondsARound(): number {
  const rounds = 500_000;
  const before = process.cpuUsage();
  pbkdf2Sync("password", "salt", rounds, 32, "sha256");
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / rounds;
}

/** What the raid sent, as it was played: whoever is asked sends the solution in a request of its own. */
function requestsOf(attack: Fate): string {
  const { votes, tokens, refused } = attack;
  const solutions = puzzlesOf(attack);
  const parts = [`${votes} votes`, `${tokens} for tokens`, `${solutions} solutions`];
  return `${votes + tokens + solutions} requests (${parts.join(", ")}${refused > 0 ? `; ${refused} refused` : ""})`;
}

function puzzlesOf({ asked }: Fate): number {
  return asked[1] + asked[2] + asked[3];
}
