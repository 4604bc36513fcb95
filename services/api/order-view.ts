/** Puts names to what the worker keeps by index: what moderators are shown of orders and of the audit. */
import type { Job } from "bullmq";
import { isObject } from "../../shared/contract/object.ts";
import {
  type AuditEntry,
  type Order,
  type OrderFilters,
  type OrderResult,
  parseAuditEntry,
  type Votes,
} from "../../shared/contract/order-answers.ts";
import { UNDO_MS_MAX, UNDOABLE } from "../../shared/contract/orders.ts";
import { sourceName } from "../../shared/live/source-name.ts";
import type { AuditLine } from "../../shared/moderation/audit.ts";
import { fromOrderJob, type StoredOrder } from "../../shared/moderation/order-job.ts";
import type { Site } from "../../shared/runtime/sites.ts";

/**
 * An order as its job tells it.
 * @param jobState read before the job was
 */
export function viewOrder(site: Site, id: string, job: Job, jobState: string): Order {
  const stored = fromOrderJob(job.data);
  const state = stateOf(jobState);
  const result = state === "done" ? resultOf(site, job.returnvalue) : undefined;
  const progress: unknown = job.progress;
  const share = isObject(progress) && typeof progress.share === "number" ? progress.share : 0;
  const { order, by, at, dryRun, reason, of } = stored;
  return {
    id,
    order,
    state,
    progress: state === "done" ? 1 : share,
    by,
    at,
    ...filtersOf(site, stored),
    ...(dryRun === undefined ? {} : { dryRun }),
    ...(reason === undefined ? {} : { reason }),
    ...(of === undefined ? {} : { of }),
    ...(result === undefined ? {} : { result }),
    ...(canBeUndone(stored) && state === "done" ? { undoUntil: at + UNDO_MS_MAX } : {}),
  };
}

/** Whether an order took votes that can be restored. */
export function canBeUndone({ order, dryRun }: StoredOrder): boolean {
  return UNDOABLE.includes(order) && dryRun !== true;
}

/** A line of the audit. */
export function viewAuditLine(site: Site, line: AuditLine): AuditEntry | undefined {
  const { result, source, reaction, ...rest } = line;
  const [ms] = String(line.id).split("-");
  const named = filtersOf(site, { source: numberOf(source), reaction: numberOf(reaction) });
  return parseAuditEntry({ ...rest, at: Number(ms), ...named, result: resultOf(site, result) });
}

function filtersOf(
  site: Site,
  order: Pick<StoredOrder, "page" | "voter" | "since" | "until" | "source" | "reaction">,
): OrderFilters {
  const { page, voter, since, until, source, reaction } = order;
  const name = reaction === undefined ? undefined : site.reactions[reaction];
  return {
    ...(page === undefined ? {} : { page }),
    ...(voter === undefined ? {} : { voter }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(source === undefined ? {} : { source: sourceName(source) }),
    ...(name === undefined ? {} : { reaction: name }),
  };
}

/** Votes by index under the names of the site's reactions. */
export function votesOf(site: Site, counts: readonly unknown[]): Votes {
  return Object.fromEntries(site.reactions.map((name, index) => [name, Number(counts[index] ?? 0)]));
}

function resultOf(site: Site, result: unknown): OrderResult | undefined {
  if (!isObject(result) || !Array.isArray(result.counts) || !Array.isArray(result.list)) return undefined;
  const { counts, list, before, after, drift } = result;
  return {
    votes: Number(result.votes),
    counts: votesOf(site, counts),
    pages: Number(result.pages),
    list: list.filter(isObject).map((row) => ({
      page: String(row.page),
      counts: votesOf(site, Array.isArray(row.counts) ? row.counts : []),
    })),
    ...(Array.isArray(before) ? { before: votesOf(site, before) } : {}),
    ...(Array.isArray(after) ? { after: votesOf(site, after) } : {}),
    ...(Array.isArray(drift) ? { drift: votesOf(site, drift) } : {}),
  };
}

function stateOf(state: string): Order["state"] {
  if (state === "completed") return "done";
  if (state === "active") return "running";
  return state === "failed" ? "failed" : "waiting";
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
