/** One round: load, a fault in the middle of it, quiet, and the proof. A round that throws proves nothing, and says so. */
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { Lifecycle } from "../../../shared/runtime/lifecycle.ts";
import { openLog } from "../../../shared/runtime/log.ts";
import { openRedis } from "../../../shared/runtime/redis-connections.ts";
import { until } from "../../support/reader.ts";
import { redisAddress } from "../../support/redis-place.ts";
import { type Answers, answersTo } from "./answers.ts";
import { checkHistory } from "./check-history.ts";
import { now_ms } from "./clock.ts";
import { Crowd } from "./crowd.ts";
import type { Finding } from "./finding.ts";
import { type FirstAccepted, firstAccepted } from "./first-accepted.ts";
import { type FinalState, History } from "./history.ts";
import type { Random } from "./random.ts";
import { readFinal, VoterNames } from "./read-final.ts";
import { readOutside } from "./read-outside.ts";
import type { TestBed } from "./test-bed.ts";
import { Viewers } from "./viewers.ts";
import { VoteBacklog } from "./vote-backlog.ts";

/** `×`: how many times as much as before; none: a number of things. */
export type Unit = "s" | "ms" | "MB" | "×" | "";

export interface Measured {
  readonly what: string;
  readonly value: number;
  readonly unit: Unit;
}

/** What a fault may use. */
export interface FaultScene {
  readonly bed: TestBed;
  readonly random: Random;
  readonly backlog: VoteBacklog;
  /** Pages of this round. */
  readonly pages: readonly string[];
  /** What clients asked and were told so far. */
  readonly history: History;
  /** Names of those who watch every page, as they begin in the names of their connections. */
  readonly viewers: readonly string[];
  /** Something that was measured; the table has the most of each. */
  readonly measured: (what: string, value: number, unit: Unit) => void;
}

/** Breaks something and mends it again; the time is counted from its end. */
export type Fault = (scene: FaultScene) => Promise<void>;

export interface RoundPlan {
  readonly clients: number;
  readonly votesASecond: number;
  readonly pages: number;
  readonly viewers: number;
}

export interface RoundResult {
  readonly findings: readonly Finding[];
  readonly history: History;
  readonly final: FinalState;
  /** Votes that were accepted. */
  readonly accepted: number;
  /** How long votes were asked for, ms. */
  readonly load_ms: number;
  readonly answers: Answers;
  /** From the end of the fault until each process that takes votes had accepted one, ms; infinite: one accepted none. */
  readonly recovered_ms: number;
  /** From the end of the load to an empty queue, ms. */
  readonly settled_ms: number;
  readonly measured: readonly Measured[];
}

/** Load before the fault and after it, so that it hits work under way and recovery is seen. */
const LEAD_MS = 400;
const WATCHED_MS_MAX = 30_000;
const RECOVERED_MS_MAX = 30_000;
const SETTLED_MS_MAX = 30_000;
/** Longer than the merge window, far shorter than the 30 s check that would heal what a push lost. */
const SHOWN_MS_MAX = 5_000;

export async function runRound(
  bed: TestBed,
  fault: Fault,
  plan: RoundPlan,
  random: Random,
): Promise<RoundResult> {
  const history = new History();
  try {
    return await proveUnder(bed, fault, plan, random, history);
  } catch (error) {
    const broken = brokenRound(error, history);
    return { ...broken, findings: [...broken.findings, ...crashesIn(bed)] };
  }
}

/** What comes of a round that threw: what was heard until then, and a finding. */
export function brokenRound(error: unknown, history = new History()): RoundResult {
  const { votes } = history;
  const detail = inspect(error);
  return {
    findings: [{ kind: "broken", detail }],
    history,
    final: { read_ms: now_ms(), pages: [], records: [], viewers: [], shown: [] },
    accepted: votes.filter(({ at }) => at !== undefined).length,
    answers: answersTo(votes),
    recovered_ms: Number.POSITIVE_INFINITY,
    load_ms: (votes.at(-1)?.ended_ms ?? 0) - (votes[0]?.began_ms ?? 0),
    settled_ms: 0,
    measured: [],
  };
}

async function proveUnder(
  bed: TestBed,
  fault: Fault,
  plan: RoundPlan,
  random: Random,
  history: History,
): Promise<RoundResult> {
  const lifecycle = new Lifecycle();
  const redis = openRedis("worker", redisAddress(bed.place), lifecycle, openLog("faults", "silent"));
  const backlog = new VoteBacklog(redis, bed.shards);
  lifecycle.onStop("backlog", () => backlog.close());
  // Of the seed, which so says as well which shards and which masters they are on.
  const round = random.below(2 ** 32).toString(36);
  const pages = Array.from({ length: plan.pages }, (_, page) => `faults-${round}-${page}`);
  const apis = bed.apis.map(({ url }) => url);
  const realtimes = bed.realtimes.map(({ url }) => url);
  const viewers = new Viewers(realtimes, plan.viewers, pages, history);
  const began_ms = performance.now();
  const crowd = new Crowd({ ...plan, pages, apis, realtimes, addresses: bed.limits }, random, history);
  try {
    // Whoever was told nothing yet proves nothing when they come back.
    const allWatch = () => viewers.shown.length === viewers.names.length * pages.length;
    await until("every viewer to be told counts", allWatch, WATCHED_MS_MAX);
    await pause(LEAD_MS);
    const measured: Measured[] = [];
    await fault({
      bed,
      random,
      backlog,
      pages,
      history,
      viewers: viewers.names,
      measured: (what, value, unit) => measured.push({ what, value, unit }),
    });
    const mended_ms = now_ms();
    const look = () => firstAccepted(history, [...bed.apis, ...bed.realtimes], mended_ms);
    await waitFor(RECOVERED_MS_MAX, () => (look().every(isFound) ? true : undefined));
    const firsts = look();
    await pause(LEAD_MS);
    await crowd.stop();
    const quiet_ms = performance.now();
    const drained = await waitFor(SETTLED_MS_MAX, async () =>
      (await backlog.left()) === 0 ? true : undefined,
    );
    const settled_ms = performance.now() - quiet_ms;
    const names = new VoterNames(history);
    const state = await readFinal(redis, pages, names);
    const read_ms = now_ms();
    const outside = await readOutside(apis, pages, history, names, random);
    const end = (): FinalState => ({
      ...state,
      read_ms,
      mayHold: bed.limits,
      outside,
      viewers: viewers.names,
      shown: viewers.shown,
    });
    const check = () => checkHistory(history, end());
    await waitFor(SHOWN_MS_MAX, () => (check().length === 0 ? true : undefined));
    const findings: Finding[] = [...check()];
    if (drained === undefined)
      findings.push({ kind: "lost", detail: `${await backlog.left()} jobs were not tallied` });
    if ((await backlog.failed()) > 0)
      findings.push({ kind: "lost", detail: `${await backlog.failed()} jobs failed for good` });
    findings.push(...crashesIn(bed));
    if (bed.limits) {
      const held = state.records.filter((record) => record.held === true).length;
      measured.push({ what: "votes held in the end", value: held, unit: "" });
    }
    for (const { service } of firsts.filter((first) => !isFound(first))) {
      const detail = `the ${service.name} at ${service.url} accepted no vote after the fault`;
      findings.push({ kind: "lost", detail });
    }
    return {
      findings,
      history,
      final: end(),
      accepted: history.votes.filter(({ at }) => at !== undefined).length,
      answers: answersTo(history.votes),
      recovered_ms: Math.max(...firsts.map(({ after_ms }) => after_ms)),
      load_ms: quiet_ms - began_ms,
      settled_ms,
      measured,
    };
  } finally {
    await crowd.stop();
    viewers.leave();
    await lifecycle.stop();
  }
}

/** Services that ended by themselves since the round before. */
function crashesIn({ apis, workers, realtimes }: TestBed): readonly Finding[] {
  return [...apis, ...workers, ...realtimes].flatMap((service) =>
    service.takeCrashes().map((detail): Finding => ({ kind: "crashed", detail })),
  );
}

function isFound({ after_ms }: FirstAccepted): boolean {
  return Number.isFinite(after_ms);
}

/** The first value of `look` that is not undefined, or undefined when time runs out. */
async function waitFor<Value>(
  limit_ms: number,
  look: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value | undefined> {
  const end_ms = performance.now() + limit_ms;
  for (;;) {
    const value = await look();
    if (value !== undefined || performance.now() > end_ms) return value;
    await pause(25);
  }
}
