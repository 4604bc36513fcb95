/** Which failures of a tally pass by themselves, so that the job only has to wait. */
import { TooFewReplicasError } from "../../shared/runtime/replicas.ts";

/**
 * What a Cluster says while a slot moves or a replica takes over, what a Redis says that is starting, and what ioredis says
 * when a connection went or never came; and what a Redis says whose
 * memory or disk is full: it takes writes again once somebody made room, which may take longer than any count of tries. "non local key" is what buckets.lua provokes while the page's slot is on the move.
 */
const PASSING =
  /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|LOADING|MASTERDOWN|UNBLOCKED|NOREPLICAS|BUSY|OOM|MISCONF)\b|non local key|Connection is closed|Too many Cluster redirections|Command timed out|isn't (?:ready|writeable)|max retries per request/;

/** Whether `error` says nothing about the job itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof TooFewReplicasError || (error instanceof Error && PASSING.test(error.message));
}
