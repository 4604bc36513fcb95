/** Faults that the simulation must find, each with seeds that reach it. The first is one that it did find, in earnest. */
import type { FindingKind } from "../faults/rig/finding.ts";
import type { PlantedFault } from "./broken-simulation.ts";

export interface KnownFault extends PlantedFault {
  /** What happens, as a test title has it, after the ids of the rules. */
  readonly title: string;
  readonly seeds: readonly number[];
  /** What the checker calls it; or that the world never came to rest. */
  readonly kind: FindingKind | "unfinished";
}

/** Steps in which the seeds reach them. */
export const STEPS = 1_000;

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    title: "P7: a read from before a page's first vote, heard after it, takes counts back",
    file: "shared/contract/counts.ts",
    right: ': next.epoch !== ""',
    wrong: ": true",
    seeds: [5, 11],
    kind: "stale",
  },
  {
    title: "P7: counts of an older revision are drawn",
    file: "shared/contract/counts.ts",
    right: "next.rev > shown.rev",
    wrong: "true",
    seeds: [1, 2],
    kind: "stale",
  },
  {
    title: "P2: what waits for the end of the window is never sent",
    file: "services/realtime/push-counts.ts",
    right: "    else this.#schedule();\n  }\n\n  /** Sends at once",
    wrong: "  }\n\n  /** Sends at once",
    seeds: [2, 4],
    kind: "stale",
  },
  {
    title: "P6: a check does not tell what it found",
    file: "services/realtime/watched-pages.ts",
    right: "    push.hear(held);\n",
    wrong: "",
    seeds: [3, 15],
    kind: "stale",
  },
  {
    title: "V10: an answer comes before the vote is stored",
    file: "shared/votes/group-commit.ts",
    right: "await this.#store(group.map(({ item }) => item));",
    wrong: "this.#store(group.map(({ item }) => item)).catch(() => {});",
    seeds: [1, 2],
    kind: "lost",
  },
  {
    title: "V38: a commit that comes too late for a job is taken to be in it",
    file: "shared/votes/newest-job.ts",
    right: "    return joined;\n",
    wrong: "    return true;\n",
    seeds: [1, 2],
    kind: "lost",
  },
  {
    title: "V35: only the first of the jobs that share a call is in it",
    file: "services/worker/page-calls.ts",
    right: "together.flatMap(({ votes }) => votes)",
    wrong: "together[0]?.votes ?? []",
    seeds: [1, 2],
    kind: "lost",
  },
  {
    title: "V35: a call that failed counts as made for the jobs in it",
    file: "services/worker/page-calls.ts",
    right: "for (const { reject } of together) reject(error);",
    wrong: "for (const { resolve } of together) resolve();",
    seeds: [3, 4],
    kind: "lost",
  },
  {
    title: "V3: a vote delivered late replaces a newer one",
    file: "tests/simulation/tally-model.ts",
    right: "vote.at < held.at",
    wrong: "false",
    seeds: [1, 2],
    kind: "lost",
  },
  {
    title: "V2: a vote that comes twice is counted twice",
    file: "tests/simulation/tally-model.ts",
    right: "      move(page.totals, held?.reaction, -1);\n",
    wrong: "",
    seeds: [1, 2],
    kind: "doubled",
  },
  {
    title: "P15: a press of which nobody knows whether it arrived is not sent again",
    file: "services/widget/choice.ts",
    right: "    this.#sending = undefined;\n    this.#unsure = true;\n",
    wrong: "    this.#unsure = true;\n",
    seeds: [1, 2],
    kind: "unfinished",
  },
  {
    title: "V40: a job that failed is not done again",
    file: "services/worker/tally-votes.ts",
    right: "  await Promise.all(",
    wrong: "  await Promise.allSettled(",
    seeds: [3, 4],
    kind: "lost",
  },
];
