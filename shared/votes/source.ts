/**
 * Where a vote came from, without keeping where: a keyed hash of the network's prefix. The key is drawn at random each day
 * and Redis forgets it after two, so that old hashes lead nowhere.
 */
import { createHmac, randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { RedisConnection } from "../runtime/redis-connections.ts";

const DAY_MS = 86_400_000;

/** Seconds that Redis keeps a day's key: until nobody stamps votes of that day any more. */
const KEY_KEPT_S = 172_800;

/** The network that an address belongs to: an IPv4 address as it is, an IPv6 address by its first 64 bits. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIPv4(address) || !isIPv6(address)) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  const groups = tail === undefined ? front : [...front, ...zeros, ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

/** Hashes addresses with the key of the day; all processes on one Redis agree. */
export class Sources {
  readonly #redis: RedisConnection;
  #key: Buffer | undefined;
  #day = -1;
  #hashed = new Map<string, number>();

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  /** Whether a key is known; before that nothing can be hashed. */
  get ready(): boolean {
    return this.#key !== undefined;
  }

  /** Fetches the key of the day of `now_ms` (Redis time) if it is not at hand; the first process to ask draws it. */
  async refresh(now_ms: number): Promise<void> {
    const day = Math.floor(now_ms / DAY_MS);
    if (day === this.#day) return;
    const name = `source-key:${day}`;
    await this.#redis.set(name, randomBytes(32).toString("base64url"), "EX", KEY_KEPT_S, "NX");
    const key = await this.#redis.get(name);
    if (key === null) throw new Error("Redis did not keep the key of the day");
    this.#key = Buffer.from(key, "base64url");
    this.#day = day;
    this.#hashed = new Map();
  }

  /** 24 bits that stand for the network of `address` for a day: of a thousand networks two share theirs once in 34 days. */
  hash(address: string): number {
    if (this.#key === undefined) throw new Error("the key of the day is not known yet");
    const before = this.#hashed.get(address);
    if (before !== undefined) return before;
    const hash = createHmac("sha256", this.#key).update(networkOf(address)).digest().readUIntBE(0, 3);
    if (this.#hashed.size >= 10_000) this.#hashed.clear();
    this.#hashed.set(address, hash);
    return hash;
  }
}
