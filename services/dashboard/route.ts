/** Which view is shown, as the address says it after `#`: it can be kept, sent, and gone back from. It never holds a token. */
import { isPageId } from "../../shared/contract/page-id.ts";

/** All views, in the order of the navigation. */
export const VIEWS = ["now", "page", "alerts", "audit", "system"] as const;
export type View = (typeof VIEWS)[number];

export interface Route {
  readonly view: View;
  /** The page that a `page` view is about; undefined: none is chosen yet. */
  readonly page?: string;
  /** A span of time, Unix ms; both or none. */
  readonly from?: number;
  readonly to?: number;
}

/** The start. */
export const START: Route = { view: "now" };

/** Longest time that JavaScript can show. */
const TIME_MS_MAX = 8.64e15;

/** Whatever stands after `#`, as a route: what cannot be understood is left out. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#?\/?/, "").split("?", 2);
  const view = VIEWS.find((known) => known === path);
  if (view === undefined) return START;
  const asked = new URLSearchParams(query);
  const page = asked.get("page");
  const [from, to] = [timeIn(asked, "from"), timeIn(asked, "to")];
  return {
    view,
    ...(view === "page" && isPageId(page) ? { page } : {}),
    ...(from !== undefined && to !== undefined && from < to ? { from, to } : {}),
  };
}

/** The other way. */
export function writeRoute({ view, page, from, to }: Route): string {
  const query = new URLSearchParams();
  if (page !== undefined) query.set("page", page);
  if (from !== undefined && to !== undefined) {
    query.set("from", String(from));
    query.set("to", String(to));
  }
  return `#/${view}${query.size > 0 ? `?${query}` : ""}`;
}

function timeIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? "";
  return /^\d{1,16}$/.test(text) && Number(text) <= TIME_MS_MAX ? Number(text) : undefined;
}
