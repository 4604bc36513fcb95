/** Which failures of a tally pass by themselves, so that the job only has to wait. */
import { isMoving } from "../../shared/runtime/moving.ts";
import { TooFewReplicasError } from "../../shared/runtime/replicas.ts";

/**
 * What a Cluster says while a slot moves or a replica takes over, what a Redis says that is starting, and what ioredis says
 * when a connection went or never came; and what a Redis says whose memory or disk is full: it takes writes again once somebody
 * made room, which may take longer than any count of tries.
 */
const PASSING =
  /^(?:MOVED|ASK|TRYAGAIN|CLUSTERDOWN|READONLY|LOADING|MASTERDOWN|UNBLOCKED|NOREPLICAS|BUSY|OOM|MISCONF)\b|Connection is closed|Too many Cluster redirections|Command timed out|isn't (?:ready|writeable)|max retries per request/;

/** Whether `error` says nothing about the job itself. */
export function isPassing(error: unknown): boolean {
  if (error instanceof TooFewReplicasError || isMoving(error)) return true;
  return error instanceof Error && PASSING.test(error.message);
}
