/**
 * The wire of the namespace `/live`: socket.io at `/socket.io`, namespace `/live`, handshake `auth: { site, token }` with a
 * moderator's token of scope `read` or more. Refused like any socket: `connect_error` with `data.problem`. A token that is
 * revoked later: event `refused` with the problem, then the service disconnects.
 */
import { type HotPage, parseHotPages } from "./hot.ts";
import { isObject } from "./object.ts";
import type { Problem } from "./problems.ts";
import { parseCounts } from "./timeline.ts";

/** Name of the namespace. */
export const LIVE_NAMESPACE = "/live";

/** Between two messages, ms. */
export const PULSE_MS = 1_000;

/** Pages in the hot list of a message. */
export const PULSE_HOT_MAX = 30;

/** Numbers in `spark`; each is one minute, the last one is under way. */
export const SPARK_MINUTES = 30;

/** A page of the hot list of the hour, hottest first, as `GET hot` has it and with what moves fast. */
export interface PulsePage extends HotPage {
  /** Sockets that watch this page, in all processes; up to 5 s old. */
  readonly viewers: number;
  /** Net votes by minute, oldest first, `SPARK_MINUTES` of them; below zero where more were taken back than given. */
  readonly spark: readonly number[];
}

/** Votes that are accepted and not in the counts yet. */
export interface Backlog {
  /** Commits (jobs of many votes) that wait for a worker or are in its hands. */
  readonly jobs: number;
  /** How long the oldest waiting one has waited, ms. */
  readonly age_ms: number;
}

/** What every dashboard of a site is told once a second. */
export interface Pulse {
  /** Redis time, Unix ms. */
  readonly at: number;
  /** Votes a second that changed what their voter holds; the mean of the last 5 s. */
  readonly votesPerSecond: number;
  /** Votes of the whole site by reaction. */
  readonly totals: Readonly<Record<string, number>>;
  readonly hot: readonly PulsePage[];
  /** Sockets of the site in all processes, dashboards not counted; up to 5 s old. */
  readonly viewers: number;
  readonly backlog: Backlog;
}

/** Events that the service sends in the namespace; it takes none. */
export interface LiveEvents {
  pulse: (pulse: Pulse) => void;
  refused: (problem: Problem) => void;
}

/** A message from outside, checked; undefined when it is not well formed. Pages that are not are passed over. */
export function parsePulse(value: unknown): Pulse | undefined {
  if (!isObject(value) || !isObject(value.backlog) || !Array.isArray(value.hot)) return undefined;
  const { at, votesPerSecond, viewers, backlog } = value;
  const totals = parseCounts(value.totals);
  if (!isAmount(at) || !isAmount(votesPerSecond) || !isAmount(viewers) || totals === undefined)
    return undefined;
  if (!isAmount(backlog.jobs) || !isAmount(backlog.age_ms)) return undefined;
  const hot = value.hot.map(toPulsePage).filter((page) => page !== undefined);
  return {
    at,
    votesPerSecond,
    totals,
    hot,
    viewers,
    backlog: { jobs: backlog.jobs, age_ms: backlog.age_ms },
  };
}

function toPulsePage(value: unknown): PulsePage | undefined {
  const [page] = parseHotPages({ pages: [value] }) ?? [];
  if (page === undefined || !isObject(value) || !isAmount(value.viewers)) return undefined;
  const { viewers, spark } = value;
  if (!Array.isArray(spark) || !spark.every((votes) => Number.isSafeInteger(votes))) return undefined;
  return { ...page, viewers, spark: spark.map(Number) };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;
}
