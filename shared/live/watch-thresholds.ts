/** Looks whether a page passed a limit that a webhook of its site asked to be told of. */
import type { Alert } from "../contract/alerts.ts";
import type { Threshold } from "../contract/webhooks.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import type { ReactingSite } from "../runtime/sites.ts";
import { activePages } from "../tallies/active-pages.ts";
import { readRegistered } from "../tallies/read-registered.ts";
import { readChanges } from "../tallies/read-timeline.ts";
import { alertSentence } from "./alert-sentence.ts";
import { firstInAnHour } from "./alert-store.ts";
import { PAST_MS, scoreThreshold } from "./score-alerts.ts";
import { storedWebhooks } from "./webhook-store.ts";

const PAGES_MAX = 200;
const MINUTE_MS = 60_000;

/** An alert for one webhook alone. */
export interface PassedThreshold {
  readonly webhook: string;
  readonly alert: Alert;
}

/** What was passed and not told within the last hour. @param now_ms Redis time */
export async function watchThresholds(
  redis: RedisConnection,
  site: ReactingSite,
  now_ms: number,
): Promise<readonly PassedThreshold[]> {
  const webhooks = await storedWebhooks(redis, site.id);
  const asked = webhooks.flatMap(({ name, thresholds, parkedAt }) =>
    parkedAt === undefined ? thresholds.map((threshold) => ({ webhook: name, threshold })) : [],
  );
  if (asked.length === 0) return [];
  const minutes = Math.max(...asked.map(({ threshold }) => threshold.minutes));
  const passed: PassedThreshold[] = [];
  for (const page of await activePages(redis, site.id, now_ms - minutes * MINUTE_MS, PAGES_MAX)) {
    const { changes } = await readChanges(redis, site.id, page, "minute", now_ms - PAST_MS);
    for (const { webhook, threshold } of asked) {
      const scored = scoreThreshold(changes, threshold, site.reactions, now_ms);
      if (scored === undefined || !(await firstInAnHour(redis, site.id, nameOf(webhook, page, threshold))))
        continue;
      const title = (await readRegistered(redis, site.id, [page]))[0]?.title;
      const id = `${now_ms}-${threshold.reaction}-${threshold.votes}-${passed.length}`;
      const found = { id, at: now_ms, page, ...scored, sentence: alertSentence(scored.why) };
      passed.push({ webhook, alert: title === undefined ? found : { ...found, title } });
    }
  }
  return passed;
}

function nameOf(webhook: string, page: string, { reaction, votes, minutes }: Threshold): string {
  return ["threshold", webhook, reaction, votes, minutes, page].join("\n");
}
