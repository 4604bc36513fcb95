/** Writes tests/bench/RESULTS.md from what is kept of the last measurements. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Aim, format, isMet } from "../rows.ts";
import { versionOf } from "./install.ts";
import { type Measured, readSections, type Section, type Table } from "./results.ts";

const FILE = fileURLToPath(new URL("../RESULTS.md", import.meta.url));

/** Rows of issue 9: what must be reached, and the name that a part reports the figure under. */
const MUST: readonly (readonly [what: string, name: string, sense: Aim["sense"], figure: number])[] = [
  ["votes/s / the afternoon version, 1 viewer", "afternoon1", "≥", 4],
  ["votes/s / the afternoon version, 1,000 viewers", "afternoon1000", "≥", 50],
  ["votes/s / one job a vote", "jobEach", "≥", 6],
  ["votes/s / Waline on SQLite", "waline", "≥", 20],
  ["votes/s / bare node:http", "bare", "≥", 0.6],
  ["counts reads/s / bare node:http", "reads", "≥", 0.6],
  ["fan-out messages/s / bare ws, 1,000 viewers", "fanOut", "≥", 0.7],
  ["bytes a vote / one plain Redis hash, 1,000,000 voters on a page", "bytes", "≤", 0.35],
  ["Redis's processor time a vote of a new voter, at 10⁷ votes on record / at 10³", "growth", "≤", 1.2],
  ["widget cold bytes / Waline's client", "cold", "≤", 0.15],
];

const NOT_RUN = `What could not be compared: only npm's registry and Debian's packages are in reach of these runs. Artalk and Remark42 are
Go programs and Isso is on PyPI, none of them in either; Twikoo's server is there only for hosts with MongoDB, which Debian does
not have; Cusdis is not published as a package; giscus keeps reactions in GitHub's discussions, so it is nothing that one could run.`;

/** What is on record in the history, the code and docs/CAPACITY.md, and nothing else. */
const TAKEN = `What was done to get there. Of the candidates of the task taken were: votes and reads of one page in front of Express
(\`services/api/vote-route.ts\`, \`counts-route.ts\`), voters' tokens remembered in bounded memory (\`shared/votes/voters.ts\`), fewer
calls of Redis a vote (commits in groups that join the job before them, one call of the script a page and round), counts read and encoded
once for all who ask meanwhile (\`shared/runtime/shared-reads.ts\`) and framed once for all sockets, statics compressed by the build, and
listpacks of up to 128 entries on our own Redis. Measured at the time, as commits say: a vote cost the API a sixth less (bd2d6a9), a read
of counts a quarter less (0443d01), a message to a viewer a quarter less (1ba5597), a call of the script with 200 new voters 1,024
instead of 1,067 µs (b65a87b). Not taken: counts served from memory that the push feeds; as it is nobody is answered by a read that
began before they asked, and the aim for reads is met. Not taken either: lazyfree, of which no measurement is on record. \`perf\`
on Redis found that what grows with votes on record is waiting for memory (\`docs/CAPACITY.md\`). Where the time goes now is below,
under "Where the time of a vote goes".`;

export function writeResults(): void {
  const sections = readSections();
  const reached = Object.assign({}, ...sections.map((section) => section.reached ?? {}));
  const must = MUST.map(([what, name, sense, aim]) => {
    const row = reached[name];
    const met = row !== undefined && isMet(row.figure, { sense, figure: aim });
    return row === undefined
      ? [what, `${sense} ${aim}`, "not measured", "", ""]
      : [what, `${sense} ${aim}`, format(row.figure), row.spread, met ? "yes" : "**no**"];
  });
  const text = [
    "# Beside others, beside the limits, and while it grows",
    "Written by `npm run bench:peers` (`tests/bench/peers/`); do not edit. Ratios are of one run each, ways taking turns; figures are medians (of two rounds: their mean), with lowest and highest in brackets. Commits and times stand with each part; where other work ran on the machine, absolute figures are low and ratios spread wide. The server under test has core 0; its database, its other processes, the load and the viewers share core 1, but for what is measured in processor time of Redis alone.",
    "## What must be reached",
    markdown([["", "must be", "reached", "lowest to highest, or what from", "met"], ...must]),
    `Compared: ${versionOf("waline")} with ${versionOf("waline-client")}; ${versionOf("parse")}, what people take who want a ready-made backend; an afternoon's Express with one \`HINCRBY\` a vote and one \`io.emit\` of what it answers, the new count of that reaction (\`baselines/count-each.ts\`); one BullMQ job a vote, which keeps the voter's reaction, reads the page's counts and tells them by ${versionOf("adapter")} (\`baselines/job-each.ts\`). All Redis have our settings, \`appendfsync always\` among them. Of these only ours and the job a vote keep who voted: the others count a press again whenever it is repeated.`,
    NOT_RUN,
    TAKEN,
    ...sections.map(sectionText),
  ].join("\n\n");
  writeFileSync(FILE, `${text}\n`);
}

function sectionText({ title, text, tables, pictures = [], at, commit, machine, took_s }: Section): string {
  return [
    `## ${title}`,
    text,
    ...tables.map(markdown),
    ...pictures.map(([file, shows]) => `![${shows}](${file})`),
    `*${at}, commit ${commit}, ${machine}; ${took_s} s.*`,
  ].join("\n\n");
}

/** For whoever watches. */
export function printMeasured({ title, tables }: Measured): void {
  process.stdout.write(`\n${title}\n\n${tables.map(markdown).join("\n\n")}\n\n`);
}

function markdown([head = [], ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
