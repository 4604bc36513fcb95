/** What an editor should look at: pages on which votes behave oddly. `GET /v1/sites/{site}/alerts`. */
import { isObject } from "./object.ts";
import { isPageId } from "./page-id.ts";
import { isReactionName } from "./reactions.ts";

/** Far more votes than the page's own past lets expect. */
export interface BurstFacts {
  readonly kind: "burst";
  /** Votes gained in the last `minutes`. */
  readonly votes: number;
  readonly minutes: number;
  /** What is usual on this page in as many minutes. */
  readonly usual: number;
}

/** Most recent votes come from one network. */
export interface ConcentrationFacts {
  readonly kind: "concentration";
  /** Votes of the last hour, and how many of them came from the one network. */
  readonly votes: number;
  readonly matching: number;
  /** 6 hexadecimal digits; with `since` and `until` (Unix ms, inclusive) what `purge` takes. */
  readonly source: string;
  readonly since: number;
  readonly until: number;
}

/** Readers feel otherwise than before. */
export interface MoodFlipFacts {
  readonly kind: "mood-flip";
  /** Votes gained in the last `minutes`. */
  readonly votes: number;
  readonly minutes: number;
  /** The reaction that led before, and the one that leads now. */
  readonly from: string;
  readonly to: string;
  /** Share of `to` among all votes before, and among the recent ones, 0 to 1. */
  readonly shareBefore: number;
  readonly shareNow: number;
}

/** A limit that a webhook of the site asked to be told of was passed. */
export interface ThresholdFacts {
  readonly kind: "threshold";
  readonly reaction: string;
  /** Votes of this reaction gained in the last `minutes`, and the limit. */
  readonly votes: number;
  readonly minutes: number;
  readonly limit: number;
}

/** Why there is an alert, as data: a dashboard writes the sentence in any language. */
export type AlertFacts = BurstFacts | ConcentrationFacts | MoodFlipFacts | ThresholdFacts;

/** Names of all kinds. */
export const ALERT_KINDS = [
  "burst",
  "concentration",
  "mood-flip",
  "threshold",
] as const satisfies readonly AlertFacts["kind"][];

/** Name of a kind. */
export type AlertKind = AlertFacts["kind"];

export interface Alert {
  /** Grows with time; where the next part begins. */
  readonly id: string;
  /** When it was found: Redis time, ms. */
  readonly at: number;
  readonly page: string;
  /** The page's title, when it is registered. Plain text; never HTML. */
  readonly title?: string;
  /**
   * How surprising it is: the decimal exponent of the odds, so 6 is one in a million by chance. Of `concentration` 0 to 1;
   * of `threshold` votes by limit.
   */
  readonly score: number;
  readonly why: AlertFacts;
  /** The same in one English sentence. */
  readonly sentence: string;
}

/** Whether `value` is a kind. */
export function isAlertKind(value: unknown): value is AlertKind {
  return ALERT_KINDS.some((kind) => kind === value);
}

/** An alert from outside, checked; undefined when it is not well formed. */
export function parseAlert(value: unknown): Alert | undefined {
  if (!isObject(value)) return undefined;
  const { id, at, page, title, score, sentence } = value;
  const why = parseAlertFacts(value.why);
  if (typeof id !== "string" || !isNumber(at) || !isPageId(page) || !isNumber(score)) return undefined;
  if (why === undefined || typeof sentence !== "string") return undefined;
  return { id, at, page, score, why, sentence, ...(typeof title === "string" ? { title } : {}) };
}

/** The alerts of an answer, newest first; undefined when it is not well formed. Alerts that are not are passed over. */
export function parseAlerts(answer: unknown): readonly Alert[] | undefined {
  if (!isObject(answer) || !Array.isArray(answer.alerts)) return undefined;
  return answer.alerts.map(parseAlert).filter((alert) => alert !== undefined);
}

/** The facts of an alert, checked; undefined when they are not well formed. */
export function parseAlertFacts(value: unknown): AlertFacts | undefined {
  if (!isObject(value)) return undefined;
  const { kind, votes, minutes, usual, matching, source, since, until, from, to, reaction, limit } = value;
  const { shareBefore, shareNow } = value;
  if (!isNumber(votes)) return undefined;
  if (kind === "concentration") {
    if (!isNumber(matching) || typeof source !== "string" || !isNumber(since) || !isNumber(until))
      return undefined;
    return { kind, votes, matching, source, since, until };
  }
  if (!isNumber(minutes)) return undefined;
  if (kind === "burst") return isNumber(usual) ? { kind, votes, minutes, usual } : undefined;
  if (kind === "mood-flip") {
    if (!isReactionName(from) || !isReactionName(to)) return undefined;
    if (!isNumber(shareBefore) || !isNumber(shareNow)) return undefined;
    return { kind, votes, minutes, from, to, shareBefore, shareNow };
  }
  if (kind !== "threshold" || !isReactionName(reaction) || !isNumber(limit)) return undefined;
  return { kind, reaction, votes, minutes, limit };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
