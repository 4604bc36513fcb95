/** The rows on votes accepted: every way with nobody watching. */
import { rates } from "./rates.ts";
import type { Measured } from "./results.ts";
import { ratio, tableOf } from "./rounds.ts";
import { bare, ours, type Way } from "./ways.ts";

export interface AcceptParts {
  readonly ways: readonly Way[];
  /** The way that takes a job a vote, as it is named. */
  readonly jobEach: string;
  readonly rounds: number;
  readonly seconds: number;
}

export async function measureAccept({ ways, jobEach, rounds, seconds }: AcceptParts): Promise<Measured> {
  const figures = await rates(ways, { rounds, seconds, pages: 20, viewers: 0 });
  const against = (other: string) => ratio(figures, "votes/s", ours.name, other);
  return {
    title: "Votes accepted and counted",
    text: `wrk with 64 connections for ${seconds} s, 2,000 readers who press again and again on 20 pages, each time another reaction, so that every press moves totals; tokens are remembered from the second press on (what first votes cost, "npm run bench" says), and our limits are off, since one machine presses. The time ends when everything acknowledged is counted. Processor time is that of all the way's processes, database included.`,
    tables: [tableOf(figures)],
    reached: {
      jobEach: against(jobEach),
      bare: against(bare.name),
      ...(ways.some(({ name }) => name === "Waline, SQLite") ? { waline: against("Waline, SQLite") } : {}),
    },
  };
}
