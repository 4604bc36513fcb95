/** The raids: each a page's honest day, and who attacks it. */
import type { Random } from "../../faults/rig/random.ts";
import { attack, DAY_S, honestDay, NATIONAL, type Press, rented, scattered, toggling } from "./presses.ts";

export interface Scenario {
  readonly name: string;
  /** What the attacker needs. */
  readonly cost: string;
  readonly presses: (random: Random) => readonly Press[];
  /** By how many votes it is to move a page of so many honest ones at most, where something was promised. */
  readonly moves_max?: (honest: number) => number;
}

/** One address on a quiet page. */
const oneAddress = (): number => 30;
/** A thousand addresses on a large page. */
const manyAddresses = (honest: number): number => 0.05 * honest;

const QUIET = { ...NATIONAL, votes: 40, carriers: 0.1, offices: 0 };
const LARGE = { ...NATIONAL, votes: 20_000, others: 4 };
const NOON_S = 43_200;
const FIVE_PM_S = 61_200;

/** In the order in which they are printed. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "a large page, no attack", cost: "", presses: (random) => honestDay(random, LARGE) },
  {
    name: "a large page of mobile readers, no attack",
    cost: "",
    presses: (random) => honestDay(random, { ...LARGE, carriers: 0.5, carrierNetworks: 6 }),
  },
  {
    name: "news that breaks: a large page's day in an hour, no attack",
    cost: "",
    presses: (random) =>
      honestDay(random, LARGE).map((press) => ({ ...press, at_s: NOON_S + Math.floor(press.at_s / 24) })),
  },
  {
    name: "a page of 2,000 votes, of which offices send up to 60 each, no attack",
    cost: "",
    presses: (random) => honestDay(random, { ...NATIONAL, votes: 2_000, others: 4 }),
  },
  {
    name: "one host, a quiet page",
    cost: "1 address, 3,000 new voters in an hour",
    moves_max: oneAddress,
    presses: (random) => [...honestDay(random, QUIET), ...attack(["203.0.113.5"], 3_000, NOON_S, 3_600)],
  },
  {
    name: "one host as fast as it can, a quiet page",
    cost: "1 address, 5,000 new voters in five minutes",
    moves_max: oneAddress,
    presses: (random) => [...honestDay(random, QUIET), ...attack(["203.0.113.5"], 5_000, NOON_S, 300)],
  },
  {
    name: "a bot that clears its storage, a quiet page",
    cost: "1 address, 1,000 new voters over the day",
    moves_max: oneAddress,
    presses: (random) => [...honestDay(random, QUIET), ...attack(["203.0.113.5"], 1_000, 0, DAY_S)],
  },
  {
    name: "replayed tokens, a quiet page",
    cost: "1 address, 5 tokens, 10,000 requests",
    moves_max: oneAddress,
    presses: (random) => [
      ...honestDay(random, QUIET),
      ...attack(["203.0.113.5"], 10_000, NOON_S, 3_600).map((press, n) => ({ ...press, token: n % 5 })),
    ],
  },
  {
    name: "one host, a large page",
    cost: "1 address, 3,000 new voters in an hour",
    presses: (random) => [...honestDay(random, LARGE), ...attack(["203.0.113.5"], 3_000, NOON_S, 3_600)],
  },
  {
    name: "1,000 rented addresses in 40 /24, a large page",
    cost: "1,000 addresses, 20,000 new voters in the day's last hour",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(rented(1_000, 40), 20_000, DAY_S - 3_600, 3_590),
    ],
  },
  {
    // What is held is let go little by little while readers come: until midnight this has seven hours more than the one before.
    name: "1,000 rented addresses in 40 /24, a large page, at five in the afternoon",
    cost: "1,000 addresses, 20,000 new voters in an hour",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(rented(1_000, 40), 20_000, FIVE_PM_S, 3_590),
    ],
  },
  {
    name: "1,000 rented addresses in 40 /24, and readers who vote and withdraw in turns to make them plausible",
    cost: "1,001 addresses, 20,000 new voters in an hour, 50 who press every 20 s",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(rented(1_000, 40), 20_000, FIVE_PM_S, 3_590),
      ...toggling("198.51.100.7", 50, FIVE_PM_S, DAY_S - FIVE_PM_S),
    ],
  },
  {
    name: "1,000 rented addresses in 40 /24, a large page, all day",
    cost: "1,000 addresses, 20,000 new voters over the day",
    moves_max: manyAddresses,
    presses: (random) => [...honestDay(random, LARGE), ...attack(rented(1_000, 40), 20_000, 0, DAY_S)],
  },
  {
    name: "1,000 rented addresses in 40 /24 that vote on other pages, too, a large page, all day",
    cost: "1,000 addresses, 30,000 new voters over the day, 10,000 of them on other pages",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(rented(1_000, 40), 20_000, 0, DAY_S),
      ...attack(rented(1_000, 40), 10_000, 0, DAY_S).map((press) => ({ ...press, elsewhere: true as const })),
    ],
  },
  {
    name: "1,000 rented addresses in 40 /24, the only page of a site, all day",
    cost: "1,000 addresses, 20,000 new voters over the day",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, { ...LARGE, others: 0 }),
      ...attack(rented(1_000, 40), 20_000, 0, DAY_S),
    ],
  },
  {
    name: "1,000 addresses in as many /24, a large page, at five in the afternoon",
    cost: "1,000 addresses, 20,000 new voters in an hour",
    moves_max: manyAddresses,
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(scattered(1_000, random), 20_000, FIVE_PM_S, 3_590),
    ],
  },
  {
    name: "1,000 addresses in as many /24, a large page, all day",
    cost: "1,000 addresses, 20,000 new voters over the day",
    moves_max: manyAddresses,
    presses: (random) => [...honestDay(random, LARGE), ...attack(scattered(1_000, random), 20_000, 0, DAY_S)],
  },
  {
    name: "residential proxies, a large page",
    cost: "5,000 homes' addresses, 10,000 new voters in an hour",
    presses: (random) => [
      ...honestDay(random, LARGE),
      ...attack(scattered(5_000, random), 10_000, NOON_S, 3_600),
    ],
  },
];

/** The scenario of this name. */
export function scenario(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no scenario ${name}`);
  return found;
}
