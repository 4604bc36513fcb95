/** `GET /v1/sites/{site}/system`: how the whole service is, and `GET …/alerts`: what is odd on a site. */
import { Router } from "express";
import { isAlertKind } from "../../shared/contract/alerts.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { Latency, SystemState } from "../../shared/contract/system.ts";
import { readAlerts } from "../../shared/live/alert-store.ts";
import { type ProcessReport, readProcesses } from "../../shared/live/processes.ts";
import { packageVersion } from "../../shared/runtime/package-version.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { readRedisState } from "../../shared/runtime/redis-state.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { numberIn, queryOf } from "./query-of.ts";
import type { RequireScope } from "./require-scope.ts";
import { siteNamed } from "./site-named.ts";

export interface SystemRouteParts {
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly requireScope: RequireScope;
}

const ALERTS_LIMIT = 50;
const ALERTS_LIMIT_MAX = 200;
const ALERT_ID = /^\d{1,15}-\d{1,15}$/;

export function systemRoute({ desk, redis, requireScope }: SystemRouteParts): Router {
  const router = Router();
  const version = packageVersion();

  router.get("/v1/sites/:site/system", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    await requireScope(request, "read", site);
    if (!desk.ready()) throw new Refusal("unavailable", "Redis has not answered yet.");
    const { queue } = desk;
    const read = Promise.all([
      queue.jobs(),
      queue.backlogAge_ms(),
      queue.failed(),
      readProcesses(redis),
      readRedisState(redis),
    ]);
    const [jobs, age_ms, failed, reports, state] = await orUnavailable(read);
    const answer: SystemState = {
      at: desk.now_ms(),
      version,
      ...ratesOf(reports),
      backlog: { jobs, age_ms, failed },
      commit: slowest(reports.map(({ commit }) => commit)),
      tally: slowest(reports.map(({ tally }) => tally)),
      processes: reports.map(stateOf),
      redis: state,
    };
    response.set("cache-control", "no-store").json(answer);
  });

  router.get("/v1/sites/:site/alerts", async (request, response) => {
    const site = siteNamed(desk.sites, request.params.site);
    await requireScope(request, "read", site);
    const query = queryOf(request);
    const limit = numberIn(query, "limit", ALERTS_LIMIT, ALERTS_LIMIT_MAX);
    const before = query.get("before") ?? undefined;
    if (before !== undefined && !ALERT_ID.test(before))
      throw new Refusal("query_invalid", "Expected before to be the id of an alert.");
    const kind = query.get("kind");
    if (kind !== null && !isAlertKind(kind))
      throw new Refusal("query_invalid", "There is no such kind of alert.");
    const alerts = await orUnavailable(readAlerts(redis, site.id, before, limit));
    const shown = kind === null ? alerts : alerts.filter(({ why }) => why.kind === kind);
    response.set("cache-control", "no-store").json({ alerts: shown });
  });

  return router;
}

/** Sums over all processes. */
function ratesOf(reports: readonly ProcessReport[]) {
  const sum = (numbers: readonly number[]): number =>
    Math.round(numbers.reduce((all, number) => all + number, 0) * 100) / 100;
  const codes = new Set(reports.flatMap(({ refused }) => Object.keys(refused)));
  return {
    acceptedPerSecond: sum(reports.map(({ accepted }) => accepted)),
    talliedPerSecond: sum(reports.map(({ tallied }) => tallied)),
    refusedPerSecond: Object.fromEntries(
      [...codes].map((code) => [code, sum(reports.map(({ refused }) => refused[code] ?? 0))]),
    ),
  };
}

/** Quantiles of several processes cannot be merged; the slowest one's say where to look. */
function slowest(latencies: readonly Latency[]): Latency {
  const most = (numbers: readonly (number | null)[]): number | null =>
    numbers.reduce((worst, number) => (number === null ? worst : Math.max(worst ?? 0, number)), null);
  return {
    p50_ms: most(latencies.map(({ p50_ms }) => p50_ms)),
    p99_ms: most(latencies.map(({ p99_ms }) => p99_ms)),
  };
}

function stateOf({ id, kind, since, at, version, memory_bytes, lag_ms, sockets }: ProcessReport) {
  return { id, kind, since, at, version, memory_bytes, lag_ms, sockets };
}
