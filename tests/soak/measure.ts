/** Everything that could grow, measured between two rounds, when nothing is under way. */
import type { Redis } from "ioredis";
import { collectGarbage, liveMemory_bytes } from "../faults/rig/live-memory.ts";
import { readMetric, residentMemory_bytes } from "../faults/rig/read-metrics.ts";
import type { RoundResult } from "../faults/rig/round.ts";
import type { TestBed } from "../faults/rig/test-bed.ts";

/** What Redis says of how long a key lives that is not there. */
const GONE = -2;

/** Values by name, NaN: could not be measured; which names there are depends on what Redis holds. */
export type Sample = ReadonlyMap<string, number>;

export class Measure {
  readonly #bed: TestBed;
  readonly #redis: Redis;
  #pages = 0;
  #usedBefore_bytes: number;
  #keysBefore: ReadonlyMap<string, number> = new Map();

  private constructor(bed: TestBed, redis: Redis, used_bytes: number) {
    this.#bed = bed;
    this.#redis = redis;
    this.#usedBefore_bytes = used_bytes;
  }

  static async begin(bed: TestBed, redis: Redis): Promise<Measure> {
    return new Measure(bed, redis, await usedMemory_bytes(redis));
  }

  /** @param round the one that has just ended, and that brought all the pages in it */
  async take({ history, final }: Pick<RoundResult, "history" | "final">): Promise<Sample> {
    this.#pages += final.pages.length;
    const sample = new Map<string, number>();
    const services = [...this.#bed.apis, ...this.#bed.workers, ...this.#bed.realtimes];
    await collectGarbage(services);
    for (const { name, url } of services) {
      sample.set(`${name} live MB`, (await liveMemory_bytes(url)) / 1e6);
      sample.set(`${name} MB`, (await residentMemory_bytes(url)) / 1e6);
      sample.set(`${name} handles`, await readMetric(url, "nodejs_active_resources_total"));
    }
    const took_ms = history.votes
      .filter(({ outcome }) => outcome === "accepted")
      .map(({ began_ms, ended_ms }) => ended_ms - began_ms)
      .sort((a, b) => a - b);
    for (const percent of [50, 99])
      sample.set(`p${percent} ms`, took_ms[Math.floor((took_ms.length * percent) / 100)] ?? Number.NaN);
    const used_bytes = await usedMemory_bytes(this.#redis);
    sample.set("Redis bytes a new record", (used_bytes - this.#usedBefore_bytes) / final.records.length);
    this.#usedBefore_bytes = used_bytes;
    const kinds = await keysByKind(this.#redis);
    for (const [kind, keys] of kinds) {
      const more = keys - (this.#keysBefore.get(kind) ?? 0);
      if (kind.endsWith(" a new page")) sample.set(kind, more / final.pages.length);
      else sample.set(kind, kind.endsWith(" a page") ? keys / this.#pages : keys);
    }
    this.#keysBefore = kinds;
    return sample;
  }
}

/**
 * Keys of pages by what they hold, all others by whose they are and whether they end by themselves. Those of sites that end are, most
 * of them, of pages that were voted on today.
 */
async function keysByKind(redis: Redis): Promise<ReadonlyMap<string, number>> {
  const kinds = new Map<string, number>();
  const count = (kind: string): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  for (const key of await redis.keys("*")) {
    const [, what] = /^\{default:faults-[^}]*\}:([a-z]+)/.exec(key) ?? [];
    const [whose = key] = /[a-z-]*[a-z]/.exec(key) ?? [];
    if (what !== undefined) {
      count(`keys "${what}" a new page`);
      continue;
    }
    const left_ms = await redis.pttl(key);
    // It ended while others were counted.
    if (left_ms === GONE) continue;
    if (left_ms < 0) count(`keys of "${whose}"`);
    else count(`passing keys of "${whose}"${whose === "site" ? " a page" : ""}`);
  }
  return kinds;
}

async function usedMemory_bytes(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
}
