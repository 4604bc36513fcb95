/** What may have which slope. A run brings 300 votes a second, a million an hour, on 900 pages an hour. */

export interface Bound {
  readonly name: RegExp;
  /** Most that it may climb in an hour; what chance makes of a level line comes on top, and steeper slopes hide under that. */
  readonly perHour_max: number;
  /** Most that it may be at the end of the line. */
  readonly end_max?: number;
}

/** The first that fits holds; what none fits must not climb at all. */
const BOUNDS: readonly Bound[] = [
  // What is in use: the heap after its garbage was collected, and what Node holds outside of it. A leak of one small object a vote is
  // 50 MB an hour, of one a page or viewer with its buffers about 4; V8 compiles ever more of what turns out to be hot, about 2.
  // What is remembered of readers is bounded: 20,000 addresses and as many tokens in each process that takes votes, less than 10 MB, are
  // full when the first third of half an hour is over. What the worker knows of networks would not be, and is filled before
  // (fill-networks.ts). Pages opened lately are 20,000 at most, too, and 900 of them an hour are 0.2 MB.
  { name: / live MB$/, perHour_max: 4 },
  // What the process has of the machine: what was in use once is given back late, and in pieces that something else may not fit into.
  { name: / MB$/, perHour_max: 25 },
  // Sockets and timers come and go by the dozen; one that each round leaves behind would be 180 an hour.
  { name: / handles$/, perHour_max: 20 },
  // What takes longer the more there is: a list that is walked, a queue that is not emptied. A million votes and a thousand pages an
  // hour would make it tens of milliseconds; less is hidden by what else the machine does.
  { name: /^p50 /, perHour_max: 5 },
  { name: /^p99 /, perHour_max: 50 },
  // Pages come and stay, so what each record costs must stay the same: a slope means that old pages or queues grow unseen, and one
  // that is level and high that every round leaves something behind. Records of small pages, with their share of all that a page
  // has, take 25 to 130: buffers of connections come and go.
  { name: /^Redis bytes/, perHour_max: 50, end_max: 300 },
  // What a round added to keys of pages, those of earlier rounds among them, so an old page that grows shows. Buckets ("v") follow the
  // number of voters, which differs from round to round; a timeline has a key more where a round crosses an hour.
  { name: /^keys "\w+" a new page$/, perHour_max: 4 },
  { name: /^passing keys of "site" a page$/, perHour_max: 1 },
  // Hours and days have keys of their own, a few at a time; one that each round leaves behind would be 180 an hour, one of each page
  // 900.
  { name: /^(?:passing )?keys of /, perHour_max: 10 },
];

export function boundOf(name: string): Bound {
  return BOUNDS.find((bound) => bound.name.test(name)) ?? { name: /^/, perHour_max: 0 };
}
