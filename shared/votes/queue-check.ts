import type { ReadyCheck } from "../runtime/operations.ts";
import type { VoteQueue } from "./vote-queue.ts";

/** A job that waited longer than this says that no worker takes votes. */
const BACKLOG_MS_MAX = 15_000;

/** Whether the queue moves, for `/readyz`. */
export function queueCheck(queue: VoteQueue): ReadyCheck {
  return async () => {
    const age_ms = await queue.backlogAge_ms();
    return age_ms > BACKLOG_MS_MAX
      ? `the oldest votes have waited ${Math.round(age_ms / 1_000)} s for a worker`
      : undefined;
  };
}
