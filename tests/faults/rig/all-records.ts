import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { type ScannedRecord, scanRecords } from "../../../shared/tallies/scan-records.ts";

/** Every record that Redis keeps of a page, bucket by bucket: also what nobody asked for, and a voter's second one. */
export async function allRecords(
  redis: RedisConnection,
  site: string,
  page: string,
): Promise<readonly ScannedRecord[]> {
  const records: ScannedRecord[] = [];
  for (let step = await scanRecords(redis, site, page); ; ) {
    records.push(...step.records);
    if (step.place.next === 0) return records;
    step = await scanRecords(redis, site, page, step.place);
  }
}
