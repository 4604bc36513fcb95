/** What the whole service accepts and answers while votes on record grow. */
import { openTestRedis } from "../../support/tally-redis.ts";
import { warmFor_s } from "../load.ts";
import { evenRecords, fill } from "../scale/cost.ts";
import { rateOf } from "./rates.ts";
import { read } from "./reads.ts";
import { ours, type Running } from "./ways.ts";

export interface GrownService {
  /** Votes on record. */
  readonly n: number;
  /** Votes a second, one figure a round. */
  readonly votes: number[];
  /** Reads of one page's counts a second, one figure a round. */
  readonly reads: number[];
}

export interface GrowParts {
  readonly sizes: readonly number[];
  /** Of a page at most; `pages` are among those that are filled. */
  readonly votersAPage: (n: number) => number;
  readonly pages: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
}

/** A service of its own for each size, all of them in turns. */
export async function growService({ sizes, votersAPage, pages, rounds, seconds }: GrowParts) {
  const services: (GrownService & { readonly running: Running })[] = [];
  try {
    for (const n of sizes) {
      const running = await ours.begin(pages);
      services.push({ n, running, votes: [], reads: [] });
      const { redis, lifecycle } = openTestRedis("worker", running.redisUrl);
      await fill(redis, evenRecords(0, n, votersAPage(n)));
      await lifecycle.stop();
      await rateOf(running, pages, warmFor_s(seconds));
    }
    for (let round = 0; round < rounds; round++) {
      for (const { n, running, votes, reads } of services) {
        votes.push((await rateOf(running, pages, seconds))["votes/s"]);
        reads.push(await read(running.address + running.readPath(pages[0] ?? ""), seconds));
        process.stdout.write(`  ${n} votes on record: ${votes.at(-1)} votes/s, ${reads.at(-1)} reads/s\n`);
      }
    }
  } finally {
    for (const { running } of services) await running.end();
  }
  return services;
}
