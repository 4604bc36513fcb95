import { describe, expect, it } from "vitest";
import { SHARDS_MAX, shardPrefix } from "../../shared/votes/shards.ts";

/** CRC-16 of the XMODEM kind, as the Redis Cluster specification has it, over what stands in the braces. */
function slotOf(prefix: string): number {
  let crc = 0;
  for (const byte of Buffer.from(prefix.slice(1, -1))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc % 16_384;
}

/** How many of the first `shards` each of `masters` gets, slots being dealt out evenly. */
function dealt(shards: number, masters: number): readonly number[] {
  const counts = Array.from({ length: masters }, () => 0);
  for (let shard = 0; shard < shards; shard++) {
    const master = Math.floor((slotOf(shardPrefix(shard)) * masters) / 16_384);
    counts[master] = (counts[master] ?? 0) + 1;
  }
  return counts;
}

describe("queue shards", () => {
  it("V34: fall evenly on the masters of a Cluster, however many there are of either", () => {
    for (let masters = 2; masters <= 8; masters++) {
      for (let shards = 1; shards <= SHARDS_MAX; shards++) {
        const counts = dealt(shards, masters);
        expect(Math.max(...counts) - Math.min(...counts), `${shards} on ${masters}`).toBeLessThanOrEqual(
          masters === 3 ? 1 : 2,
        );
      }
    }
  });

  it("V34: have a tag each", () => {
    const prefixes = Array.from({ length: SHARDS_MAX }, (_, shard) => shardPrefix(shard));
    expect(new Set(prefixes).size).toBe(SHARDS_MAX);
    expect(() => shardPrefix(SHARDS_MAX)).toThrow(RangeError);
  });
});
