/**
 * Where a vote came from, without keeping where: a keyed hash of the network's prefix. The key is made of one that is drawn at
 * random each day, which Redis forgets when the next day is over, and of the service's secret, which Redis does not hold: old
 * hashes lead nowhere, and whoever reads Redis alone cannot try networks out.
 */
import { createHmac, randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Recent } from "./recent.ts";
import { deriveKey } from "./voters.ts";

const DAY_MS = 86_400_000;

/** Days that Redis keeps a day's key, from the beginning of that day (UTC): until nobody stamps votes of it any more. */
const KEPT_DAYS = 2;

/** Addresses remembered with what they hash to. */
const KNOWN_MAX = 20_000;

/**
 * Bits of a source that stand for the neighbourhood; the others stand for the network in it. shared/tallies/crowd.lua and holds.lua
 * read both. With forty rented neighbourhoods and two carriers' one is taken for the other once in nine years. Of a neighbourhood one
 * pair of networks in 64 is one source: they share their limits, and a purge of the one takes the other's votes.
 */
const NEIGHBOURHOOD_BITS = 18;
const NETWORK_BITS = 6;
/** The rougher bits of a neighbourhood, for what is kept of each. */
const ROUGH_BITS = 14;
/** As often as one of its networks may an IPv6 neighbourhood do what is counted in each process. */
export const NETWORKS_A_NEIGHBOURHOOD = 10;

/** The network that an address belongs to: an IPv4 address as it is, an IPv6 address by its first 64 bits. */
export function networkOf(address: string): string {
  const v4 = ipv4In(address);
  if (v4 !== undefined) return v4;
  return isIPv6(address) ? `${groupsOf(address, 4)}::/64` : address;
}

/** What an organization or a carrier is given at a time: of an IPv4 address the first 24 bits, of an IPv6 address the first 48. */
export function neighbourhoodOf(address: string): string {
  const v4 = ipv4In(address);
  if (v4 !== undefined) return `${v4.slice(0, v4.lastIndexOf("."))}.0/24`;
  return isIPv6(address) ? `${groupsOf(address, 3)}::/48` : address;
}

/**
 * Where readers of an IPv6 address are counted together a second time: whoever has one /64 mostly has a whole /48. Undefined of
 * IPv4, whose /24 may be thousands of a carrier's readers; known then without work.
 */
export function ipv6NeighbourhoodOf(address: string): string | undefined {
  return isWide(address) ? neighbourhoodOf(address) : undefined;
}

/** Where an address is counted: by its network and, of IPv6, by its /48. */
export function senderOf(address: string): { network: string; neighbourhood: string | undefined } {
  return { network: networkOf(address), neighbourhood: ipv6NeighbourhoodOf(address) };
}

/** Whether an address is IPv6, and not IPv4 written as such. */
export function isWide(address: string): boolean {
  return address.includes(":") && ipv4In(address) === undefined;
}

/** The bits of a source that stand for its neighbourhood. */
export function neighbourhoodIn(source: number): number {
  return Math.floor(source / 2 ** NETWORK_BITS);
}

/** 14 bits for the neighbourhood of a source, where something is kept for each: sixteen share one. */
export function roughNeighbourhoodIn(source: number): number {
  return Math.floor(neighbourhoodIn(source) / 2 ** (NEIGHBOURHOOD_BITS - ROUGH_BITS));
}

/** The lowest source of a neighbourhood. */
export function firstSourceOf(neighbourhood: number): number {
  return neighbourhood * 2 ** NETWORK_BITS;
}

/** Whether an address is this machine's own: whoever tries the service here is no crowd. */
export function isThisMachine(address: string): boolean {
  return address === "::1" || ipv4In(address)?.startsWith("127.") === true;
}

function ipv4In(address: string): string | undefined {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ?? (isIPv4(address) ? address : undefined);
}

/** The first groups of an IPv6 address, written out. */
function groupsOf(address: string, count: number): string {
  const [head = "", tail] = (address.split("%")[0] ?? "").toLowerCase().split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => "0");
  const groups = tail === undefined ? front : [...front, ...zeros, ...back];
  return groups
    .slice(0, count)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

/** Hashes addresses with the key of the day; all processes on one Redis agree. */
export class Sources {
  readonly #redis: RedisConnection;
  readonly #secret: Buffer;
  #key: Buffer | undefined;
  #day = -1;
  #hashed = new Recent<number>(KNOWN_MAX);

  /** @param nameSecret goes into the key of every day: who has another one hashes otherwise */
  constructor(redis: RedisConnection, nameSecret: string) {
    this.#redis = redis;
    this.#secret = deriveKey(nameSecret, "source");
  }

  /** Whether a key is known; before that nothing can be hashed. */
  get ready(): boolean {
    return this.#key !== undefined;
  }

  /** Fetches the key of the day of `now_ms` (Redis time) if it is not at hand; the first process to ask draws it. */
  async refresh(now_ms: number): Promise<void> {
    const day = Math.floor(now_ms / DAY_MS);
    if (day === this.#day) return;
    const name = keyOf(day);
    const left_ms = Math.ceil((day + KEPT_DAYS) * DAY_MS - now_ms);
    await this.#redis.set(name, randomBytes(32).toString("base64url"), "PX", left_ms, "NX");
    const drawn = await this.#redis.get(name);
    if (drawn === null) throw new Error("Redis did not keep the key of the day");
    this.#key = createHmac("sha256", this.#secret).update(drawn).digest();
    this.#day = day;
    this.#hashed = new Recent(KNOWN_MAX);
  }

  /** Forgets the addresses that did not come since the last time. */
  age(): void {
    this.#hashed.age();
  }

  /** Names of the network of `address` and, of an IPv6 one, of its /48 for a day, under which they may be counted. */
  names(address: string): { readonly network: string; readonly neighbourhood: string | undefined } {
    if (this.#key === undefined) throw new Error("the key of the day is not known yet");
    return {
      network: digest(this.#key, networkOf(address)),
      neighbourhood: ipv4In(address) === undefined ? digest(this.#key, neighbourhoodOf(address)) : undefined,
    };
  }

  /**
   * 24 bits that stand for the network of `address` for a day: of a thousand networks two share theirs once in 34 days. The
   * first 18 of them stand for its neighbourhood.
   */
  hash(address: string): number {
    if (this.#key === undefined) throw new Error("the key of the day is not known yet");
    const before = this.#hashed.get(address);
    if (before !== undefined) return before;
    const neighbourhood = digest32(this.#key, neighbourhoodOf(address)) % 2 ** NEIGHBOURHOOD_BITS;
    const network = digest32(this.#key, networkOf(address)) % 2 ** NETWORK_BITS;
    const hash = firstSourceOf(neighbourhood) + network;
    this.#hashed.set(address, hash);
    return hash;
  }
}

/**
 * Deletes the key that the day of `now_ms` (Redis time) is too late for. It has expired, but Redis may not have seen it yet,
 * and until then would write it into its files.
 */
export async function dropOldKey(redis: RedisConnection, now_ms: number): Promise<void> {
  await redis.del(keyOf(Math.floor(now_ms / DAY_MS) - KEPT_DAYS));
}

function keyOf(day: number): string {
  return `source-key:${day}`;
}

function digest(key: Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url").slice(0, 16);
}

function digest32(key: Buffer, text: string): number {
  return createHmac("sha256", key).update(text).digest().readUInt32BE();
}
