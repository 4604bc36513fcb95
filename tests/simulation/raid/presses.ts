/** Who presses when, and from which address: a day of a page's honest readers, and attackers of several kinds. */
import type { Random } from "../../faults/rig/random.ts";

/** Where honest readers press: alone at home, several behind a home's address, at work or school, or behind a carrier's /24. */
export const READER_KINDS = ["homes", "families", "offices", "carriers"] as const;
export type ReaderKind = (typeof READER_KINDS)[number];

/** One vote of a new voter. */
export interface Press {
  /** Since the day began, s. */
  readonly at_s: number;
  readonly address: string;
  readonly honest: boolean;
  /** Of honest ones. */
  readonly kind?: ReaderKind;
  /** On another page of the site. */
  readonly elsewhere?: true;
  /** Voters of one token share a number; every other vote is of a voter of its own. */
  readonly token?: number;
  /** The voter's vote is taken back. */
  readonly withdraws?: true;
}

export const DAY_S = 86_400;

/** Where the honest readers of a page sit. */
export interface Readership {
  readonly votes: number;
  /** Share of votes that comes from carriers: each is 50,000 readers behind one /24. */
  readonly carriers: number;
  readonly carrierNetworks: number;
  /** Share of votes from offices and schools, each behind one address. */
  readonly offices: number;
  /** Votes of an office, at least and at most. */
  readonly office: readonly [number, number];
  /** Votes on the site's other pages for each on this one. Of five offices one reads this page only: somebody sent the link. */
  readonly others: number;
}

/** A national paper's page; the rest of the readers are at home, three in ten of them in families. */
export const NATIONAL: Omit<Readership, "votes"> = {
  carriers: 0.15,
  carrierNetworks: 2,
  offices: 0.08,
  office: [5, 60],
  others: 0,
};

/** The honest votes of a day, in no order. */
export function honestDay(random: Random, readers: Readership): readonly Press[] {
  const presses: Press[] = [];
  const elsewhere: Press[] = [];
  const press = (kind: ReaderKind, address: string, at_s: number): void => {
    presses.push({ at_s: Math.min(DAY_S - 1, Math.max(0, at_s)), address, honest: true, kind });
  };
  /** Somebody behind this address reads the other pages, each as often as this one. */
  const readOthers = (address: () => string, time_s: () => number): void => {
    for (let left = random.below(2 * readers.others + 1); left > 0; left--)
      elsewhere.push({ at_s: time_s(), address: address(), honest: true, elsewhere: true });
  };
  for (let n = 0; n < readers.votes * readers.carriers; n++) {
    const address = (): string => `100.64.${n % readers.carrierNetworks}.${random.below(256)}`;
    press("carriers", address(), dayTime_s(random));
    readOthers(address, () => dayTime_s(random));
  }
  for (let left = Math.floor(readers.votes * readers.offices); left > 0; ) {
    const [least, most] = readers.office;
    const people = Math.min(left, least + random.below(most - least + 1));
    const address = anywhere(random);
    const readsSite = random.chance(0.8);
    // Half of an office reads when the link goes round.
    const link_s = 9 * 3_600 + random.below(7 * 3_600);
    for (let n = 0; n < people; n++) {
      press("offices", address, random.chance(0.5) ? link_s + random.below(1_800) : officeTime_s(random));
      if (readsSite)
        readOthers(
          () => address,
          () => officeTime_s(random),
        );
    }
    left -= people;
  }
  while (presses.length < readers.votes) {
    const home = anywhere(random);
    const people = random.chance(0.3) ? 2 + random.below(3) : 1;
    const at_s = dayTime_s(random);
    for (let n = 0; n < people; n++) {
      press(people === 1 ? "homes" : "families", home, at_s + (n === 0 ? 0 : random.below(7_200)));
      readOthers(
        () => home,
        () => dayTime_s(random),
      );
    }
  }
  return [...presses.slice(0, readers.votes), ...elsewhere];
}

/** Votes of new voters from these addresses in turn, evenly over a time. */
export function attack(
  addresses: readonly string[],
  votes: number,
  from_s: number,
  lasts_s: number,
): readonly Press[] {
  return Array.from({ length: votes }, (_, n) => ({
    at_s: from_s + Math.floor((n * lasts_s) / votes),
    address: addresses[n % addresses.length] ?? "",
    honest: false,
  }));
}

/**
 * So many voters of one address who vote and withdraw in turns, twenty seconds or more apart. Their tokens are numbered
 * from 1,000.
 */
export function toggling(address: string, voters: number, from_s: number, lasts_s: number): readonly Press[] {
  const turns = Math.floor(lasts_s / 20);
  return Array.from({ length: turns * voters }, (_, n) => {
    const turn = Math.floor(n / voters);
    const press = { at_s: from_s + turn * 20, address, honest: false, token: 1_000 + (n % voters) };
    return turn % 2 === 0 ? press : { ...press, withdraws: true as const };
  });
}

/** Rented machines stand together: so many addresses in so many /24. */
export function rented(addresses: number, networks: number): readonly string[] {
  return Array.from(
    { length: addresses },
    (_, n) => `185.${n % networks}.9.${10 + Math.floor(n / networks)}`,
  );
}

/** So many homes' addresses, of which hardly two stand in one /24. */
export function scattered(addresses: number, random: Random): readonly string[] {
  return Array.from({ length: addresses }, () => anywhere(random));
}

/** Somewhere in 200,000 residential /24. */
function anywhere(random: Random): string {
  const network = random.below(200_000);
  return `${20 + (network % 60)}.${Math.floor(network / 60) % 256}.${Math.floor(network / 15_360)}.${1 + random.below(254)}`;
}

function officeTime_s(random: Random): number {
  return (9 + random.next() * 8) * 3_600;
}

/** A time of day as people read: four in five between seven and midnight. */
function dayTime_s(random: Random): number {
  return random.chance(0.8) ? (7 + random.next() * 17) * 3_600 : random.next() * DAY_S;
}
