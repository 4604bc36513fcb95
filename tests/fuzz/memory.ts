/** Memory of every process of a run, and by how much it may grow after a quarter of it. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { collectGarbage, liveMemory_bytes } from "../faults/rig/live-memory.ts";
import { residentMemory_bytes } from "../faults/rig/read-metrics.ts";
import type { TestBed } from "../faults/rig/test-bed.ts";

/** How much something may grow: by `base_bytes` whatever is thrown, and by some bytes for each input. */
interface Bound {
  readonly name: RegExp;
  readonly base_bytes: number;
  readonly ofInput_bytes: number;
}

/** What a process knows of pages, voters and networks: a page comes every forty inputs, and takes some hundred bytes. */
const KNOWN_BYTES = 50;

/**
 * The first that fits holds. The gate's run throws 11,000 inputs between the two readings with limits off, and 2,000 with limits on:
 * what each leaves behind shows from 1.5 kB on, or 8 kB.
 */
const BOUNDS: readonly Bound[] = [
  // The heap after its garbage was collected, and what Node holds outside of it. A worker had 8 MB more or 4 MB less: what is under way
  // at the first reading differs, and V8 compiles ever more.
  { name: / in use$/, base_bytes: 16_000_000, ofInput_bytes: KNOWN_BYTES },
  // It keeps what was accepted: votes, pages, orders for a month, the audit. That is about a hundred bytes an input.
  { name: /^Redis$/, base_bytes: 20_000_000, ofInput_bytes: 400 },
  // What the process has of the machine, which it gives back late: the API had up to 48 MB more that were not in use.
  { name: /^/, base_bytes: 80_000_000, ofInput_bytes: KNOWN_BYTES },
];

/** Bytes by name. */
export type Memory = ReadonlyMap<string, number>;

/** @param bed whose services were started with `COLLECTED_ENV` */
export async function readMemory(
  { apis, realtimes, workers }: TestBed,
  redis: RedisConnection,
): Promise<Memory> {
  const services = [...apis, ...realtimes, ...workers];
  await collectGarbage(services);
  const memory = new Map<string, number>();
  for (const { name, url } of services) {
    memory.set(`${name} in use`, await liveMemory_bytes(url));
    memory.set(name, await residentMemory_bytes(url));
  }
  return memory.set("Redis", Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]));
}

/**
 * How much each grew, in words, and which grew too much.
 * @param inputs between the two
 */
export function growthOf(
  before: Memory,
  after: Memory,
  inputs: number,
): { readonly said: string; readonly faults: readonly string[] } {
  const grown = [...after].map(([name, bytes]) => ({ name, bytes: bytes - (before.get(name) ?? 0) }));
  return {
    said: grown.map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(1)} MB`).join(", "),
    // NaN, too: a process that does not tell its memory may have any.
    faults: grown
      .filter(({ name, bytes }) => !(bytes <= mostFor(name, inputs)))
      .map(({ name, bytes }) => `memory of ${name} grew by ${bytes} bytes`),
  };
}

function mostFor(name: string, inputs: number): number {
  const bound = BOUNDS.find((one) => one.name.test(name));
  return bound === undefined ? 0 : bound.base_bytes + inputs * bound.ofInput_bytes;
}
