/** Prometheus metrics; names follow prometheus.io/docs/practices/naming. One registry for each process. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { within } from "./within.ts";

/** Everything that the services count, in one registry. */
export type Metrics = ReturnType<typeof openMetrics>;

/** Seconds; the interesting region is 1 to 100 ms. */
const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Makes a fresh set of metrics. */
export function openMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    accepted: new Counter({
      name: "reactions_votes_accepted_total",
      help: "Votes answered 202, by road.",
      labelNames: ["road"],
      registers,
    }),
    refused: new Counter({
      name: "reactions_votes_refused_total",
      help: "Votes refused, by problem code.",
      labelNames: ["code"],
      registers,
    }),
    puzzles: new Counter({
      name: "reactions_puzzles_total",
      help: "Puzzles of new voters: asked, solved, or refused because the solution was wrong, too old or used.",
      labelNames: ["result"],
      registers,
    }),
    commitVotes: new Histogram({
      name: "reactions_commit_votes",
      help: "Votes in one commit.",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    }),
    commitSeconds: new Histogram({
      name: "reactions_commit_seconds",
      help: "From sending a commit to knowing that it is stored.",
      labelNames: ["stored"],
      buckets: SECONDS,
      registers,
    }),
    tallied: new Counter({
      name: "reactions_votes_tallied_total",
      help: "Votes that the tally script took, by whether they changed a record, were stale, came from when the page was frozen, or were put off for coming too early after a change.",
      labelNames: ["result"],
      registers,
    }),
    tallySeconds: new Histogram({
      name: "reactions_tally_seconds",
      help: "Time a job of votes took in the worker.",
      buckets: SECONDS,
      registers,
    }),
    jobsFailed: new Counter({
      name: "reactions_jobs_failed_total",
      help: "Tries of a job that failed; such a job is tried again.",
      registers,
    }),
    jobsPutOff: new Counter({
      name: "reactions_jobs_put_off_total",
      help: "Jobs sent back because Redis could not take their tallies at that moment.",
      registers,
    }),
    reconnects: new Counter({
      name: "reactions_redis_reconnects_total",
      help: "Connections to Redis that stood again after they had been lost, by role.",
      labelNames: ["role"],
      registers,
    }),
    sockets: new Counter({
      name: "reactions_sockets_opened_total",
      help: "Sockets that viewers opened; far above the number of new viewers, they reconnect.",
      registers,
    }),
    orders: new Counter({
      name: "reactions_orders_total",
      help: "Moderation orders carried out, by order and whether they were done or given up.",
      labelNames: ["order", "state"],
      registers,
    }),
    drift: new Counter({
      name: "reactions_drift_total",
      help: "Votes by which totals differed from the records when they were recounted: more than none is a bug.",
      registers,
    }),
    tokensUsed: new Counter({
      name: "reactions_tokens_used_total",
      help: "Requests let through by a moderator's token, by its name and the scope that was asked for.",
      labelNames: ["name", "scope"],
      registers,
    }),
    tokensRefused: new Counter({
      name: "reactions_tokens_refused_total",
      help: "Requests that asked for a moderator's token and were refused, by problem code.",
      labelNames: ["code"],
      registers,
    }),
    pushes: new Counter({
      name: "reactions_pushes_total",
      help: "Counts sent to the viewers of a page: one for each page, not for each viewer.",
      registers,
    }),
    merged: new Counter({
      name: "reactions_pushes_merged_total",
      help: "Changes that a newer one overtook before they were sent.",
      registers,
    }),
    healed: new Counter({
      name: "reactions_pushes_healed_total",
      help: "Pages whose viewers had been told something older than Redis held, found by the periodic check.",
      registers,
    }),
  };
}

/** Longest that one number may take: a Redis that is away must not keep Prometheus from all the others. */
const READ_MS_MAX = 1_000;

/** A number that is asked for when Prometheus comes by; NaN when nobody can tell. */
export function gauge(
  metrics: Metrics,
  name: string,
  help: string,
  read: () => number | Promise<number>,
): void {
  // One that waits for Redis is asked once, not once a scrape: an outage must not pile them up.
  let reading: Promise<number> | undefined;
  const done = (): void => {
    reading = undefined;
  };
  new Gauge({
    name,
    help,
    registers: [metrics.registry],
    async collect() {
      reading ??= Promise.resolve().then(read).finally(done);
      this.set(await within(READ_MS_MAX, reading, "no answer in time").catch(() => Number.NaN));
    },
  });
}
