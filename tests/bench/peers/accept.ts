/** The rows on votes accepted: every way with nobody watching; those that push with one viewer and with many. */

import { rates } from "./rates.ts";
import type { Measured } from "./results.ts";
import { ratio, tableOf } from "./rounds.ts";
import { afternoon, bare, ours, type Way } from "./ways.ts";

export interface AcceptParts {
  readonly ways: readonly Way[];
  readonly pushing: readonly Way[];
  /** The way that takes a job a vote, as it is named. */
  readonly jobEach: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly viewers: number;
}

export async function measureAccept({
  ways,
  pushing,
  jobEach,
  rounds,
  seconds,
  viewers,
}: AcceptParts): Promise<Measured> {
  const none = await rates(ways, { rounds, seconds, pages: 20, viewers: 0 });
  const one = await rates(pushing, { rounds, seconds, pages: 1, viewers: 1 });
  const many = await rates(pushing, { rounds, seconds, pages: 1, viewers });
  const against = (other: string) => ratio(none, "votes/s", ours.name, other);
  const watched = (figures: typeof none) => ratio(figures, "votes/s", ours.name, afternoon.name);
  return {
    title: "Votes accepted and counted",
    text: `wrk with 64 connections for ${seconds} s, 2,000 voters over and over; the time ends when everything acknowledged is counted. First: 20 pages, nobody watches. Second: one page with one viewer. Third: one page with ${viewers} viewers. Processor time is that of all the way's processes, database included.`,
    tables: [tableOf(none), tableOf(one), tableOf(many)],
    reached: {
      afternoon1: watched(one),
      afternoon1000: watched(many),
      jobEach: against(jobEach),
      bare: against(bare.name),
      ...(ways.some(({ name }) => name === "Waline, SQLite") ? { waline: against("Waline, SQLite") } : {}),
    },
  };
}
