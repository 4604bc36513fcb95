/** The filters of a purge, between an order and the fields of a form. */
import type { OrderRequest } from "../../../shared/contract/orders.ts";
import { fromField, toField } from "../times.ts";

/** What a purge begins with. */
export interface PurgeFilters {
  readonly source?: string;
  /** Unix ms. */
  readonly since?: number;
  readonly until?: number;
}

/** What the field of a time shows; empty without one. */
export function fieldOf(at: number | undefined): string {
  return at === undefined ? "" : toField(at);
}

/** Fields name minutes: a bound that was not touched keeps the millisecond that it came with. */
export function requestOf(page: string, fields: FormData, filters: PurgeFilters): OrderRequest {
  const text = (name: string): string => String(fields.get(name) ?? "").trim();
  const time = (name: "since" | "until"): number | undefined =>
    text(name) === fieldOf(filters[name]) ? filters[name] : fromField(text(name));
  const [since, until] = [time("since"), time("until")];
  return {
    order: "purge",
    page,
    ...(text("source") === "" ? {} : { source: text("source") }),
    ...(text("reaction") === "" ? {} : { reaction: text("reaction") }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}
