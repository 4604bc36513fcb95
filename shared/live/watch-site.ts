/** One look at a site: are there pages whose votes behave oddly. Reads the pages that got votes lately, changes no tally. */
import type { Alert, AlertFacts } from "../contract/alerts.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { activePages } from "../tallies/active-pages.ts";
import { readRegistered } from "../tallies/read-registered.ts";
import { readChanges } from "../tallies/read-timeline.ts";
import { alertSentence } from "./alert-sentence.ts";
import { tellOnce } from "./alert-store.ts";
import { suspectOf } from "./find-suspects.ts";
import { PAST_MS, type Scored, scoreBurst, scoreMoodFlip } from "./score-alerts.ts";

/** Pages without a vote for so long are not looked at. */
const ACTIVE_MS = 600_000;

/** Pages of a look: the ones that got votes last. One read of a few hashes each. */
const PAGES_MAX = 200;

/** Pages of a look whose records are read, the ones with the most recent votes: that costs far more. */
const RECORDS_PAGES_MAX = 5;

/** Recent votes below which one network says nothing, and a judgement below which it is an office or a school. */
const RECENT_VOTES_MIN = 40;
const CONCENTRATION_MIN = 0.4;

/**
 * Looks at a site and keeps what is new; resolves to the alerts that were.
 * @param now_ms Redis time
 */
export async function watchSite(
  redis: RedisConnection,
  site: ReactingSite,
  now_ms: number,
): Promise<readonly Alert[]> {
  const found: { readonly page: string; readonly alert: Scored<AlertFacts> }[] = [];
  const busy: { readonly page: string; readonly votes: number }[] = [];
  for (const page of await activePages(redis, site.id, now_ms - ACTIVE_MS, PAGES_MAX)) {
    const { changes, totals } = await readChanges(redis, site.id, page, "minute", now_ms - PAST_MS);
    const looks = [scoreBurst(changes, now_ms), scoreMoodFlip(changes, totals, site.reactions, now_ms)];
    for (const alert of looks) if (alert !== undefined) found.push({ page, alert });
    const recent = changes.filter(({ at, change }) => at >= now_ms - ACTIVE_MS && change > 0);
    busy.push({ page, votes: recent.reduce((sum, { change }) => sum + change, 0) });
  }
  const looked = busy.filter(({ votes }) => votes >= RECENT_VOTES_MIN).sort((a, b) => b.votes - a.votes);
  for (const { page } of looked.slice(0, RECORDS_PAGES_MAX)) {
    const suspect = await suspectOf(redis, site.id, page, now_ms);
    if (suspect === undefined || suspect.score < CONCENTRATION_MIN) continue;
    const { votes, matching, filter, score } = suspect;
    const { source, since, until } = filter;
    found.push({
      page,
      alert: { score, why: { kind: "concentration", votes, matching, source, since, until } },
    });
  }
  const titles = await readRegistered(
    redis,
    site.id,
    found.map(({ page }) => page),
  );
  const told: Alert[] = [];
  for (const [index, { page, alert }] of found.entries()) {
    const title = titles[index]?.title;
    const line = {
      at: now_ms,
      page,
      ...alert,
      sentence: alertSentence(alert.why),
      ...(title === undefined ? {} : { title }),
    };
    const id = await tellOnce(redis, site.id, line);
    if (id !== undefined) told.push({ ...line, id });
  }
  return told;
}
