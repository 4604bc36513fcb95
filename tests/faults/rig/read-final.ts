import { DEFAULT_REACTIONS } from "../../../shared/contract/reactions.ts";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { readCounts } from "../../../shared/tallies/read-counts.ts";
import { readRecord } from "../../../shared/tallies/read-record.ts";
import type { FinalRecord, FinalState, History } from "./history.ts";
import { pseudonymOf } from "./voters.ts";

const SITE = { id: "default", name: "Default", reactions: DEFAULT_REACTIONS };

/** Counts, and the records of every voter that the history names; what viewers show is the caller's to add. */
export async function readFinal(
  redis: RedisConnection,
  pages: readonly string[],
  { votes }: History,
): Promise<Omit<FinalState, "shown">> {
  const asked = new Map(votes.map(({ voter, page }) => [`${page}\n${voter}`, { voter, page }]));
  const records = await Promise.all(
    [...asked.values()].map(async ({ voter, page }): Promise<FinalRecord | undefined> => {
      const record = await readRecord(redis, SITE.id, page, pseudonymOf(voter, page));
      if (record === undefined) return undefined;
      const reaction = record.reaction === null ? null : (DEFAULT_REACTIONS[record.reaction] ?? null);
      return { voter, page, reaction, at: record.at };
    }),
  );
  return {
    pages: await readCounts(redis, SITE, pages),
    records: records.filter((record) => record !== undefined),
  };
}
