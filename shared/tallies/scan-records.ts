/** Reads all records of a page in steps; the typed call of scan.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";
import { RECORD_BYTES, VOTER_BYTES } from "./record.ts";
import type { WalkPlace } from "./take-votes.ts";

/** One record as it stands in Redis. */
export interface ScannedRecord {
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /** Redis time of the vote, ms. */
  readonly at: number;
  /** Index of the reaction; `TAKEN` or `WITHDRAWN`: holds none. */
  readonly reaction: number;
  /** 24 bits. */
  readonly source: number;
}

const SCAN = new Script(import.meta.url, "scan.lua");
const ENTRY_BYTES = VOTER_BYTES + RECORD_BYTES;

/** Buckets of a step: about 450 records, 8 kB. */
const BUCKETS_A_STEP = 8;

/**
 * One step of records. Begin without a place; go on with the last step's until `next` is 0. A record that is there all the
 * while is read once, however the page grows.
 */
export async function scanRecords(
  redis: RedisConnection,
  site: string,
  page: string,
  place: WalkPlace = { first: 0, next: 0 },
): Promise<{ readonly place: WalkPlace; readonly records: readonly ScannedRecord[] }> {
  const reply = await SCAN.runBuffer(
    redis,
    pageKeys(site, page).hash,
    String(place.first),
    String(place.next),
    String(BUCKETS_A_STEP),
  );
  if (!Array.isArray(reply) || !Buffer.isBuffer(reply[2])) throw new Error("scan.lua answered out of shape");
  return { place: { first: Number(reply[0]), next: Number(reply[1]) }, records: readRecords(reply[2]) };
}

/** Records as scripts write them one after the other: 8 bytes of voter and 9 of record each. */
export function readRecords(bytes: Buffer): readonly ScannedRecord[] {
  return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, n) => readEntry(bytes, n * ENTRY_BYTES));
}

function readEntry(bytes: Buffer, offset: number): ScannedRecord {
  const record = offset + VOTER_BYTES;
  const stamp = bytes.readUIntBE(record, 6);
  const reaction = stamp % 64;
  return {
    voter: bytes.toString("hex", offset, record),
    at: (stamp - reaction) / 64,
    reaction,
    source: bytes.readUIntBE(record + 6, 3),
  };
}
