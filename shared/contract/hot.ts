/** The hot list: which pages readers react to right now. */
import { isObject } from "./object.ts";
import { isPageId } from "./page-id.ts";
import { isReactionName } from "./reactions.ts";
import { isPageTitle, isPageUrl } from "./registered-page.ts";

/** Half-life of a reaction's weight in each list: after that long it counts half. */
export const HALF_LIFE_MS = { hour: 3_600_000, day: 21_600_000, week: 172_800_000 } as const;

/** Name of a list: what is hot this hour, this day, this week. */
export type HotWindow = keyof typeof HALF_LIFE_MS;

/** All of them. */
export const HOT_WINDOWS = ["hour", "day", "week"] as const satisfies readonly HotWindow[];

/** Most pages one answer holds. */
export const HOT_LIMIT_MAX = 50;

/** How many pages an answer holds when nobody says. */
export const HOT_LIMIT = 10;

/** A page of the list. */
export interface HotPage {
  readonly page: string;
  readonly title: string;
  /** http or https. */
  readonly url: string;
  /** Sum of its reactions, each halved for every half-life since it came; withdrawals take away. Above 0. */
  readonly score: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
}

/** Whether `value` names a list. */
export function isHotWindow(value: unknown): value is HotWindow {
  return HOT_WINDOWS.some((window) => window === value);
}

/** The list of an answer, checked; undefined when it is not well formed. Pages that are not are passed over. */
export function parseHotPages(answer: unknown): readonly HotPage[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer.pages)) return undefined;
  return answer.pages.map(toHotPage).filter((page) => page !== undefined);
}

function toHotPage(value: unknown): HotPage | undefined {
  if (!isObject(value)) return undefined;
  const { page, title, url, score, counts, total } = value;
  if (!isPageId(page) || !isPageTitle(title) || !isPageUrl(url) || !isObject(counts)) return undefined;
  if (!isAmount(score) || !isAmount(total)) return undefined;
  const checked: Record<string, number> = {};
  for (const [reaction, count] of Object.entries(counts)) {
    if (!isReactionName(reaction) || !isAmount(count)) return undefined;
    checked[reaction] = count;
  }
  return { page, title, url, score, counts: checked, total };
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY;
}
