/** Memory of every process of a run, and by how much it may grow. */
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { residentMemory_bytes } from "../faults/rig/read-metrics.ts";
import type { TestBed } from "../faults/rig/test-bed.ts";

/** Caches and code that is compiled later are no leak; what every input leaves behind would be more. */
const PROCESS_BYTES_MAX = 80_000_000;

/** Redis keeps what was accepted: votes, pages, orders for a month, the audit. That is about a hundred bytes an input. */
const REDIS_BYTES_MAX = 20_000_000;
const REDIS_BYTES_AN_INPUT_MAX = 400;

/** Bytes by process. */
export type Memory = ReadonlyMap<string, number>;

export async function readMemory(
  { apis, realtimes, workers }: TestBed,
  redis: RedisConnection,
): Promise<Memory> {
  const services = [...apis, ...realtimes, ...workers];
  const sizes = await Promise.all(services.map(({ url }) => residentMemory_bytes(url)));
  const said = /^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1];
  return new Map([
    ...services.map(({ name }, index): [string, number] => [name, sizes[index] ?? Number.NaN]),
    ["Redis", Number(said)],
  ]);
}

/** How much each process grew, in words, and which grew too much. */
export function growthOf(
  before: Memory,
  after: Memory,
  inputs: number,
): { readonly said: string; readonly faults: readonly string[] } {
  const grown = [...after].map(([name, bytes]) => ({ name, bytes: bytes - (before.get(name) ?? 0) }));
  const most = (name: string): number =>
    name === "Redis" ? REDIS_BYTES_MAX + inputs * REDIS_BYTES_AN_INPUT_MAX : PROCESS_BYTES_MAX;
  return {
    said: grown.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1e6)} MB`).join(", "),
    // NaN, too: a process that does not tell its memory may have any.
    faults: grown
      .filter(({ name, bytes }) => !(bytes <= most(name)))
      .map(({ name, bytes }) => `memory of ${name} grew by ${bytes} bytes`),
  };
}
