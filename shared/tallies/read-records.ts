/** Reads all records of a page in the order of their pseudonyms, in calls of bounded size; the typed call of read-records.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { pageKeys } from "./page-keys.ts";
import { readRecordBytes, VOTER_BYTES, WITHDRAWN } from "./record.ts";
import { Script } from "./script.ts";

/** A voter's record on a page. */
export interface PageRecord {
  /** The voter's pseudonym on this page: 16 hexadecimal digits. */
  readonly voter: string;
  /** Index in the site's reactions; null after a withdrawal. */
  readonly reaction: number | null;
  /** Redis time of the vote, ms. */
  readonly at: number;
  /** Keyed hash of the network that the vote came from: 32 bits. */
  readonly source: number;
}

const READ_RECORDS = new Script("read-records.lua");

/** About 450 records and 20 kB a call, far below a millisecond of Redis's time. */
const BUCKETS_A_CALL = 8;

/** Where the reading stands. */
interface Place {
  readonly buckets: number;
  readonly next: number;
  readonly last: Buffer;
}

/**
 * The records, a few hundred at a time, ascending by pseudonym, no voter twice. A page that changes meanwhile is read
 * as it is when the reading comes by. The next call is under way while the caller works on what the last one brought.
 */
export async function* readRecords(
  redis: RedisConnection,
  site: string,
  page: string,
): AsyncGenerator<readonly PageRecord[]> {
  const key = pageKeys(site, page).hash;
  let reading = readBuckets(redis, key, { buckets: 0, next: 0, last: Buffer.alloc(0) });
  for (;;) {
    const { place, records } = await reading;
    if (place.next >= place.buckets) {
      yield records;
      return;
    }
    reading = readBuckets(redis, key, place);
    // Heard here, should the caller end early; whoever awaits it next hears it too.
    reading.catch(() => {});
    yield records;
  }
}

async function readBuckets(
  redis: RedisConnection,
  key: string,
  { buckets, next, last }: Place,
): Promise<{ readonly place: Place; readonly records: readonly PageRecord[] }> {
  const reply = await READ_RECORDS.runBuffer(
    redis,
    key,
    String(buckets),
    String(next),
    last,
    String(BUCKETS_A_CALL),
  );
  if (!Array.isArray(reply)) throw new Error("read-records.lua answered out of shape");
  const [count, place, ...contents]: readonly unknown[] = reply;
  let newest = last;
  const records: PageRecord[] = [];
  for (const content of contents) {
    for (const { voter, record } of entriesOf(content)) {
      if (Buffer.compare(voter, last) <= 0) continue;
      const { at, reaction, source } = readRecordBytes(record);
      records.push({
        voter: voter.toString("hex"),
        reaction: reaction === WITHDRAWN ? null : reaction,
        at,
        source,
      });
      if (Buffer.compare(voter, newest) > 0) newest = voter;
    }
  }
  records.sort((a, b) => (a.voter < b.voter ? -1 : 1));
  return { place: { buckets: Number(count), next: Number(place), last: newest }, records };
}

function entriesOf(content: unknown): readonly { readonly voter: Buffer; readonly record: Buffer }[] {
  if (!Array.isArray(content)) throw new Error("read-records.lua answered out of shape");
  const flat: readonly unknown[] = content;
  const entries = [];
  for (let i = 0; i < flat.length; i += 2) {
    const voter = flat[i];
    const record = flat[i + 1];
    if (!Buffer.isBuffer(voter) || !Buffer.isBuffer(record) || voter.length !== VOTER_BYTES) {
      throw new Error("a bucket holds something else than records");
    }
    entries.push({ voter, record });
  }
  return entries;
}
