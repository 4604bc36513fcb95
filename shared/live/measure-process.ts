/** What a process's own metrics say of its last seconds: the difference of two readings. */
import type { Latency } from "../contract/system.ts";
import type { Metrics } from "../runtime/metrics.ts";

/** Counters at one moment. */
export interface Reading {
  /** Monotonic, ms. */
  readonly at_ms: number;
  readonly accepted: number;
  readonly tallied: number;
  readonly refused: ReadonlyMap<string, number>;
  /** Observations by upper bound in seconds, each including those below. */
  readonly commit: ReadonlyMap<number, number>;
  readonly tally: ReadonlyMap<number, number>;
}

/** Reads the counters. */
export async function readMetrics(metrics: Metrics, at_ms: number): Promise<Reading> {
  const [accepted, tallied, refused, commit, tally] = await Promise.all([
    metrics.accepted.get(),
    metrics.tallied.get(),
    metrics.refused.get(),
    metrics.commitSeconds.get(),
    metrics.tallySeconds.get(),
  ]);
  return {
    at_ms,
    accepted: accepted.values.reduce((sum, { value }) => sum + value, 0),
    tallied: tallied.values.reduce((sum, { value }) => sum + value, 0),
    refused: new Map(refused.values.map(({ labels, value }) => [String(labels.code), value])),
    commit: bucketsOf(commit.values),
    tally: bucketsOf(tally.values),
  };
}

interface Observed {
  readonly metricName?: string | undefined;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number;
}

function bucketsOf(values: readonly Observed[]): ReadonlyMap<number, number> {
  const buckets = new Map<number, number>();
  for (const { metricName, labels, value } of values) {
    if (metricName?.endsWith("_bucket") !== true) continue;
    const bound = labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
    buckets.set(bound, (buckets.get(bound) ?? 0) + value);
  }
  return buckets;
}

/** What happened between two readings. */
export function between(before: Reading, after: Reading) {
  const seconds = Math.max(0.001, (after.at_ms - before.at_ms) / 1_000);
  const rate = (late: number, early: number): number => Math.round(((late - early) / seconds) * 100) / 100;
  const refused = [...after.refused]
    .map(([code, value]) => [code, rate(value, before.refused.get(code) ?? 0)] as const)
    .filter(([, perSecond]) => perSecond > 0);
  return {
    accepted: rate(after.accepted, before.accepted),
    tallied: rate(after.tallied, before.tallied),
    refused: Object.fromEntries(refused),
    commit: latencyOf(before.commit, after.commit),
    tally: latencyOf(before.tally, after.tally),
  };
}

function latencyOf(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): Latency {
  const buckets = [...after]
    .map(([bound, count]) => ({ bound, count: count - (before.get(bound) ?? 0) }))
    .sort((a, b) => a.bound - b.bound);
  return { p50_ms: quantile_ms(buckets, 0.5), p99_ms: quantile_ms(buckets, 0.99) };
}

/** As Prometheus reckons it: evenly spread within a bucket; what is past the last bound is at it. */
function quantile_ms(
  buckets: readonly { readonly bound: number; readonly count: number }[],
  share: number,
): number | null {
  const all = buckets.at(-1)?.count ?? 0;
  if (all === 0) return null;
  const rank = share * all;
  let [bound_s, below] = [0, 0];
  for (const { bound, count } of buckets) {
    if (bound === Number.POSITIVE_INFINITY) break;
    if (count >= rank) {
      const within = count === below ? 0 : (rank - below) / (count - below);
      return Math.round((bound_s + (bound - bound_s) * within) * 100_000) / 100;
    }
    [bound_s, below] = [bound, count];
  }
  return bound_s * 1_000;
}
