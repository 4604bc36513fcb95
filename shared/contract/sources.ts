/** Where votes came from, as moderators see it. */
import { isObject } from "./object.ts";
import { parseVotes, type Votes } from "./order-answers.ts";

/** One network source of a page's votes. A source is a hash that changes daily: the same network, another name tomorrow. */
export interface SourceRow {
  /** 6 hexadecimal digits; what `purge` takes as `source`. */
  readonly source: string;
  readonly votes: number;
  readonly counts: Votes;
  /** Votes of it that are held, beside `votes`. */
  readonly held: number;
  /** First and last vote, Unix ms. */
  readonly first: number;
  readonly last: number;
  /** Votes by minute (Unix ms of its beginning), oldest first: the last 120 minutes that had any. */
  readonly minutes: readonly { readonly at: number; readonly votes: number }[];
}

/** All sources of a page. */
export interface SourcesAnswer {
  readonly page: string;
  /** Votes that hold a reaction. */
  readonly votes: number;
  /** Votes that are held, beside `votes`. */
  readonly held: number;
  /** How many sources they all came from. */
  readonly sources: number;
  /** The hundred largest. */
  readonly list: readonly SourceRow[];
}

/** A page whose recent votes look as if few people, or a machine, had sent them, or one that holds votes. */
export interface Suspect {
  readonly page: string;
  /** 0 to 1, the worst first. */
  readonly score: number;
  /** What is odd about it, as sentences. */
  readonly why: readonly string[];
  /** Votes looked at, those of the last hour and held ones, and how many of them the filter would purge. */
  readonly votes: number;
  readonly matching: number;
  /** True when the page is so large that only part of its records were looked at. */
  readonly sampled: boolean;
  /** Votes of the page that are held: `release` or `discard` them. */
  readonly held: number;
  /** What to `purge` with. */
  readonly filter: {
    readonly page: string;
    readonly source: string;
    readonly since: number;
    readonly until: number;
  };
}

/** The answer of `sources`; undefined when it is not well formed. */
export function parseSources(value: unknown): SourcesAnswer | undefined {
  if (!isObject(value)) return undefined;
  const { page, votes, held, sources, list } = value;
  if (typeof page !== "string" || typeof votes !== "number" || typeof sources !== "number") return undefined;
  if (typeof held !== "number") return undefined;
  const rows = listOf(list, parseSourceRow);
  return rows === undefined ? undefined : { page, votes, held, sources, list: rows };
}

function parseSourceRow(value: unknown): SourceRow | undefined {
  if (!isObject(value)) return undefined;
  const { source, votes, held, first, last } = value;
  const counts = parseVotes(value.counts);
  const minutes = listOf(value.minutes, (minute) =>
    isObject(minute) && typeof minute.at === "number" && typeof minute.votes === "number"
      ? { at: minute.at, votes: minute.votes }
      : undefined,
  );
  if (typeof source !== "string" || typeof votes !== "number" || counts === undefined) return undefined;
  if (typeof first !== "number" || typeof last !== "number" || minutes === undefined) return undefined;
  if (typeof held !== "number") return undefined;
  return { source, votes, counts, held, first, last, minutes };
}

/** A row of `suspects`; undefined when it is not well formed. */
export function parseSuspect(value: unknown): Suspect | undefined {
  if (!isObject(value) || !isObject(value.filter)) return undefined;
  const { page, score, votes, matching, sampled, held } = value;
  const { page: of, source, since, until } = value.filter;
  const why = listOf(value.why, (line) => (typeof line === "string" ? line : undefined));
  if (typeof page !== "string" || typeof score !== "number" || why === undefined) return undefined;
  if (typeof votes !== "number" || typeof matching !== "number" || typeof sampled !== "boolean")
    return undefined;
  if (typeof of !== "string" || typeof source !== "string") return undefined;
  if (typeof since !== "number" || typeof until !== "number") return undefined;
  if (typeof held !== "number") return undefined;
  return { page, score, why, votes, matching, sampled, held, filter: { page: of, source, since, until } };
}

/** Every item of a list, parsed; undefined when it is no list or one of them is not well formed. */
export function listOf<Item>(
  value: unknown,
  parse: (item: unknown) => Item | undefined,
): readonly Item[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: Item[] = [];
  for (const one of value) {
    const item = parse(one);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}
