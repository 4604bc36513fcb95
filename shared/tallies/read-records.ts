/** Reads all records of a page in the order of their pseudonyms, in calls of bounded size; the typed call of read-records.lua. */
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { Script } from "../runtime/script.ts";
import { pageKeys } from "./page-keys.ts";
import { readRecords as recordsOf, type ScannedRecord } from "./scan-records.ts";

const READ_RECORDS = new Script(import.meta.url, "read-records.lua");

/** About 450 records and 8 kB a call. */
const BUCKETS_A_CALL = 8;

/** Where the reading stands. */
interface Place {
  readonly buckets: number;
  readonly next: number;
  /** The last pseudonym that was read; empty before the first. */
  readonly last: string;
}

/**
 * The records, a few hundred at a time, ascending by pseudonym, no voter twice. A page that changes meanwhile is read
 * as it is when the reading comes by. The next call is under way while the caller works on what the last one brought.
 */
export async function* readRecords(
  redis: RedisConnection,
  site: string,
  page: string,
): AsyncGenerator<readonly ScannedRecord[]> {
  const key = pageKeys(site, page).hash;
  let reading = readBuckets(redis, key, { buckets: 0, next: 0, last: "" });
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
): Promise<{ readonly place: Place; readonly records: readonly ScannedRecord[] }> {
  const reply = await READ_RECORDS.runBuffer(
    redis,
    key,
    String(buckets),
    String(next),
    Buffer.from(last, "hex"),
    String(BUCKETS_A_CALL),
  );
  if (!Array.isArray(reply) || !Buffer.isBuffer(reply[2]))
    throw new Error("read-records.lua answered out of shape");
  const records = recordsOf(reply[2])
    .filter(({ voter }) => voter > last)
    .sort((a, b) => (a.voter < b.voter ? -1 : 1));
  const place = { buckets: Number(reply[0]), next: Number(reply[1]), last: records.at(-1)?.voter ?? last };
  return { place, records };
}
