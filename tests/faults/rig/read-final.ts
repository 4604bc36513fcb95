import { DEFAULT_REACTIONS } from "../../../shared/contract/reactions.ts";
import type { RedisConnection } from "../../../shared/runtime/redis-connections.ts";
import { readCounts } from "../../../shared/tallies/read-counts.ts";
import { HELD, isHeld } from "../../../shared/tallies/record.ts";
import { allRecords } from "./all-records.ts";
import type { FinalRecord, FinalState, History } from "./history.ts";
import { pseudonymOf } from "./voters.ts";

const SITE = { id: "default", name: "Default", reactions: DEFAULT_REACTIONS };

/** What Redis keeps of `pages`, whoever asked for it. */
export async function readFinal(
  redis: RedisConnection,
  pages: readonly string[],
  names: VoterNames,
): Promise<Pick<FinalState, "pages" | "records">> {
  const records = await Promise.all(
    pages.map(async (page) =>
      (await allRecords(redis, SITE.id, page)).map(({ voter, reaction: index, at }): FinalRecord => {
        const reaction = DEFAULT_REACTIONS[isHeld(index) ? index - HELD : index] ?? null;
        const record = { voter: names.of(voter, page), page, reaction, at };
        return isHeld(index) ? { ...record, held: true } : record;
      }),
    ),
  );
  return { pages: await readCounts(redis, SITE, pages), records: records.flat() };
}

/** Whose a record is: the tokens of a history's voters by what the service calls them. */
export class VoterNames {
  readonly #tokens: ReadonlyMap<string, string>;

  constructor({ votes }: History) {
    const asked = new Map(votes.map(({ voter, page }) => [`${page}\n${voter}`, { voter, page }]));
    this.#tokens = new Map(
      [...asked.values()].map(({ voter, page }) => [`${page}\n${pseudonymOf(voter, page)}`, voter]),
    );
  }

  /** The voter's token, or the pseudonym itself when the history does not name its voter. */
  of(pseudonym: string, page: string): string {
    return this.#tokens.get(`${page}\n${pseudonym}`) ?? pseudonym;
  }
}
