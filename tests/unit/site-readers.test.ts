import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { SiteReaders } from "../../services/worker/site-readers.ts";
import { HELD, SETTLED } from "../../shared/tallies/record.ts";
import type { TallyVote } from "../../shared/tallies/tally-page.ts";
import { firstSourceOf, neighbourhoodIn } from "../../shared/votes/source.ts";

const DAY_MS = 86_400_000;
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
const [CARRIER, RAID] = [9_000, 14_000];

/** Votes of new voters; the nth from the network that `networkOf` says. */
function votes(count: number, networkOf: (n: number) => number, more: Partial<TallyVote> = {}): TallyVote[] {
  return Array.from({ length: count }, (_, n) => ({
    voter: randomBytes(8).toString("hex"),
    reaction: 0,
    at: NOON,
    source: firstSourceOf(networkOf(n)) + (n % 64),
    ...more,
  }));
}

/** The networks that are strangers, or undefined. */
function strangersOn(readers: SiteReaders, page: string): readonly number[] | undefined {
  return readers.strangersOf("paper", page)?.map(neighbourhoodIn);
}

const everywhere = (n: number): number => n;

/** A page of 200 readers, 40 of a carrier; four times as many read the others. */
function readSite(more: Partial<TallyVote> = {}): SiteReaders {
  const readers = new SiteReaders();
  const reader = (n: number): number => (n % 5 === 0 ? CARRIER : n % 200);
  readers.note("paper", "others", votes(800, reader, more));
  readers.note("paper", "page", votes(200, reader, more));
  return readers;
}

/** The same, and 30 who read the page and nothing else. */
function raidedSite(): SiteReaders {
  const readers = readSite();
  readers.note(
    "paper",
    "page",
    votes(30, () => RAID),
  );
  return readers;
}

it("V49: who reads the page and nothing else is a stranger; a carrier's readers are not, nor is who comes singly", () => {
  const readers = raidedSite();
  readers.note(
    "paper",
    "page",
    votes(500, (n) => 10_000 + n),
  );
  expect(readers.strangersOf("paper", "page")).toEqual([firstSourceOf(RAID)]);
});

it("V49: what readers of other pages cast counts as what may be expected, though none of their networks reads this one", () => {
  const readers = new SiteReaders();
  readers.note("paper", "others", votes(800, everywhere));
  readers.note("paper", "page", [...votes(60, (n) => 1_000 + n), ...votes(30, () => RAID)]);
  expect(strangersOn(readers, "page")).toEqual([RAID]);
});

it("V49: of two networks that share all but four bits one may be a stranger and the other a carrier", () => {
  const readers = readSite();
  readers.note(
    "paper",
    "page",
    votes(60, (n) => (n % 3 === 0 ? CARRIER + 1 : CARRIER + 2)),
  );
  // Who has more voters comes first.
  expect(strangersOn(readers, "page")).toEqual([CARRIER + 2, CARRIER + 1]);
});

it("V49: a worker remembers a bounded number of networks, those of the pages that are voted on", () => {
  const readers = new SiteReaders(1_000);
  const read = (page: string): void => readers.note("paper", page, votes(300, everywhere));
  for (const page of ["first", "second", "third", "first", "fourth"]) read(page);
  expect(readers.strangersOf("paper", "first")).toBeDefined();
  expect(readers.strangersOf("paper", "second")).toBeUndefined();
  // A page that grows is weighed anew.
  for (let n = 0; n < 6; n++)
    readers.note(
      "paper",
      "first",
      votes(100, (of) => 1_000 + n * 100 + of),
    );
  expect(readers.strangersOf("paper", "first")).toBeDefined();
  expect(readers.strangersOf("paper", "third")).toBeUndefined();
  expect(readers.strangersOf("paper", "fourth")).toBeUndefined();
});

it("V49: who votes on other pages, too, is no stranger for long", () => {
  const readers = raidedSite();
  // Four for each may be expected, a tenth of that is enough.
  readers.note(
    "paper",
    "others",
    votes(8, () => RAID),
  );
  expect(strangersOn(readers, "page")).toEqual([RAID]);
  readers.note(
    "paper",
    "others",
    votes(12, () => RAID),
  );
  expect(strangersOn(readers, "page")).toEqual([]);
});

it("V49: a voter counts once, and not when it withdraws, comes held, or is not to be held", () => {
  const readers = raidedSite();
  const [again] = votes(1, () => RAID);
  for (let n = 0; n < 100; n++) readers.note("paper", "others", again === undefined ? [] : [again]);
  for (const reaction of [null, HELD, SETTLED])
    readers.note(
      "paper",
      "others",
      votes(100, () => RAID, { reaction }),
    );
  expect(strangersOn(readers, "page")).toEqual([RAID]);
});

it("V49: nothing is said of a page with few readers, of a site's only page, of another site's, and on the next day", () => {
  const few = new SiteReaders();
  few.note("paper", "others", votes(800, everywhere));
  few.note(
    "paper",
    "page",
    votes(40, () => RAID),
  );
  expect(few.strangersOf("paper", "page")).toBeUndefined();

  const only = new SiteReaders();
  only.note("paper", "page", [...votes(500, everywhere), ...votes(200, () => RAID)]);
  expect(strangersOn(only, "page")).toEqual([]);

  const readers = raidedSite();
  expect(readers.strangersOf("magazine", "page")).toBeUndefined();
  readers.note("paper", "others", votes(1, everywhere, { at: NOON + DAY_MS }));
  expect(readers.strangersOf("paper", "page")).toBeUndefined();
  // What was cast the day before has another key's sources.
  readers.note(
    "paper",
    "page",
    votes(200, () => RAID),
  );
  readers.note("paper", "others", votes(800, everywhere));
  expect(readers.strangersOf("paper", "page")).toBeUndefined();
});
