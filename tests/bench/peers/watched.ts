/** Votes accepted on a page that one viewer watches, and on one that many watch, by the ways that tell viewers. */
import { rates } from "./rates.ts";
import type { Measured } from "./results.ts";
import { type Figures, ratio, tableOf, titled } from "./rounds.ts";
import { afternoon, ours, type Way } from "./ways.ts";

export interface WatchedParts {
  readonly ways: readonly Way[];
  readonly rounds: number;
  readonly seconds: number;
  readonly viewers: number;
}

export async function measureWatched({ ways, rounds, seconds, viewers }: WatchedParts): Promise<Measured> {
  const one = await rates(ways, { rounds, seconds, pages: 1, viewers: 1 });
  const many = await rates(ways, { rounds, seconds, pages: 1, viewers });
  const against = (figures: Figures) => ratio(figures, "votes/s", ours.name, afternoon.name);
  return {
    title: "Votes accepted while others watch",
    text: `The same load on one page, with its viewers in a process of their own beside the load.`,
    tables: [
      titled("1 viewer", tableOf(one)),
      titled(`${viewers.toLocaleString("en")} viewers`, tableOf(many)),
    ],
    reached: { afternoon1: against(one), afternoon1000: against(many) },
  };
}
