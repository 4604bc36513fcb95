/** The demo's newsroom: 200 stories, and how readers take to them at any time. Pure; chance is passed in. */
import type { RegisteredPage } from "../../../shared/contract/registered-page.ts";
import { HEADLINES } from "./headlines.ts";

/** A number from 0 up to 1. */
export type Chance = () => number;

/** One story. */
export interface Story extends RegisteredPage {
  readonly published: number;
  /** Votes an hour that it would get at noon when it is new. */
  readonly pull: number;
  /** Which part of its readers presses which reaction, by index; the sum is 1. */
  readonly mood: readonly number[];
}

export const HOUR_MS = 3_600_000;

/** How far back the history of votes goes. */
export const HISTORY_MS = 48 * HOUR_MS;

/** After that long a story has lost all but a third of its readers. */
const FADE_MS = 9 * HOUR_MS;

/** Votes of an hour over all stories at a busy time, about. */
const PULL = 900;

/** One story stays interesting, and has a past that a raid stands out against. */
const RAIDED = 2;

/** Repeats itself for the same seed: mulberry32, by Tommy Ettinger. */
export function chanceOf(seed: number): Chance {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The stories, in no order. @param address of the service, where the links lead */
export function storiesOf(now_ms: number, address: string, chance: Chance): readonly Story[] {
  const titles = Object.entries(HEADLINES).flatMap(([language, { who, what }]) =>
    who.flatMap((subject, a) =>
      what.map((deed, b) => ({ page: `${language}-${a + 1}${b + 1}`, title: `${subject} ${deed}` })),
    ),
  );
  const shuffled = titles
    .map((story) => ({ story, place: chance() }))
    .sort((a, b) => a.place - b.place)
    .map(({ story }) => story);
  return shuffled.map((story, rank) => ({
    ...story,
    url: `${address}/?${new URLSearchParams({ page: story.page })}`,
    published: Math.floor(now_ms - (rank === RAIDED ? 0.5 : chance() ** 0.7) * HISTORY_MS),
    // A few stories get most of the readers (Zipf).
    pull: PULL / (rank + 3),
    mood: moodOf(chance),
  }));
}

/** The story that bots raid. */
export function raidedOf(stories: readonly Story[]): Story | undefined {
  return stories[RAIDED];
}

function moodOf(chance: Chance): readonly number[] {
  const weights = Array.from({ length: 4 }, () => chance() ** 2 + 0.05);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Votes an hour that a story gets at a moment: few at night, most after work, less the older it is. */
export function paceOf({ published, pull }: Pick<Story, "published" | "pull">, at_ms: number): number {
  if (at_ms < published) return 0;
  const hour = (at_ms / HOUR_MS) % 24;
  const rhythm = 0.55 - 0.45 * Math.cos(((hour - 4) / 24) * 2 * Math.PI);
  return pull * rhythm * (0.05 + Math.exp(-(at_ms - published) / FADE_MS));
}

/** How many votes come where `mean` are expected (Poisson; Knuth's way, in pieces so that the product does not vanish). */
export function drawVotes(mean: number, chance: Chance): number {
  let votes = 0;
  for (let left = mean; left > 0; left -= 30) {
    const end = Math.exp(-Math.min(left, 30));
    for (let product = chance(); product > end; product *= chance()) votes++;
  }
  return votes;
}

/** Which reaction a reader presses. */
export function drawReaction(mood: readonly number[], chance: Chance): number {
  let left = chance();
  const found = mood.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return Math.max(0, found);
}
