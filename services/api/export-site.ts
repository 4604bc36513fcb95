/** The lines of a site's export, as text, some at a time. */
import {
  EXPORT_FORMAT,
  EXPORT_VERSION,
  type ExportLine,
  type FrozenSpan,
  type PageLine,
  type ReactionCounts,
  writeExportLine,
} from "../../shared/contract/export.ts";
import type { RegisteredPage } from "../../shared/contract/registered-page.ts";
import { sourceName } from "../../shared/live/source-name.ts";
import { readAudit } from "../../shared/moderation/audit.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { knownPages } from "../../shared/tallies/known-pages.ts";
import { type PageHead, readPageHead } from "../../shared/tallies/page-head.ts";
import { readRecords } from "../../shared/tallies/read-records.ts";
import { listRegistered, readRegistered } from "../../shared/tallies/read-registered.ts";
import { HELD, isHeld, TAKEN } from "../../shared/tallies/record.ts";
import type { ScannedRecord } from "../../shared/tallies/scan-records.ts";
import { mergeOrdered } from "./merge-ordered.ts";

/** Pages and audit entries that are asked for at a time. */
const PAGES_A_LOOK = 100;
const ENTRIES_A_LOOK = 500;

/** Entries that tell of the service where they were written, not of its votes; an import writes its own. */
const STAYS_BEHIND: readonly unknown[] = ["imported"];

/**
 * Holds no more than a few hundred lines at a time, however many there are. A site that changes meanwhile is read as it is
 * when the reading comes by; each page's totals are those of the lines before them.
 * @param now Redis time, Unix ms
 */
export async function* exportSite(redis: RedisConnection, site: Site, now: number): AsyncGenerator<string> {
  let pages = 0;
  let votes = 0;
  let audit = 0;
  yield lineOf({
    kind: "header",
    format: EXPORT_FORMAT,
    version: EXPORT_VERSION,
    site: site.id,
    reactions: site.reactions,
    exportedAt: now,
  });
  for await (const some of mergeOrdered(known(redis, site), registered(redis, site), PAGES_A_LOOK)) {
    const [heads, titles] = await Promise.all([
      Promise.all(some.map((page) => readPageHead(redis, site.id, page))),
      readRegistered(redis, site.id, some),
    ]);
    for (const [index, page] of some.entries()) {
      const head = heads[index];
      if (head === undefined) continue;
      pages++;
      votes += yield* exportPage(redis, site, page, head, titles[index]);
    }
  }
  for (let after = "0-0"; ; ) {
    const entries = await readAudit(redis, site.id, { after, limit: ENTRIES_A_LOOK });
    const carried = entries.filter(({ what }) => !STAYS_BEHIND.includes(what));
    audit += carried.length;
    if (carried.length > 0) yield carried.map((entry) => lineOf({ kind: "audit", entry })).join("");
    if (entries.length < ENTRIES_A_LOOK) break;
    after = String(entries.at(-1)?.id);
  }
  yield lineOf({ kind: "trailer", pages, votes, audit });
}

async function* exportPage(
  redis: RedisConnection,
  site: Site,
  page: string,
  head: PageHead,
  title: RegisteredPage | undefined,
): AsyncGenerator<string, number> {
  const counts = new Array<number>(site.reactions.length).fill(0);
  let votes = 0;
  let text = lineOf(pageLine(site, page, head, title));
  if (head.records > 0) {
    for await (const records of readRecords(redis, site.id, page)) {
      for (const record of records) {
        text += lineOf(voteLine(site, record));
        if (record.reaction < counts.length) counts[record.reaction] = (counts[record.reaction] ?? 0) + 1;
        votes++;
      }
      yield text;
      text = "";
    }
  }
  yield text + lineOf({ kind: "totals", page, votes, counts: namedCounts(site, counts) });
  return votes;
}

function pageLine(site: Site, page: string, head: PageHead, title: RegisteredPage | undefined): PageLine {
  const { state, records, base, frozen, hidden, closed } = head;
  return {
    kind: "page",
    page,
    state,
    records,
    ...(base.some((count) => count > 0) ? { base: namedCounts(site, base) } : {}),
    ...(title === undefined ? {} : { title: title.title, url: title.url }),
    ...(title?.published === undefined ? {} : { published: title.published }),
    ...(frozen === "" ? {} : { frozen: frozen.split(" ").map(spanOf) }),
    ...(hidden === 0 ? {} : { hidden }),
    ...(closed === 0 ? {} : { closed }),
  };
}

function voteLine(site: Site, { voter, reaction, at, source }: ScannedRecord): ExportLine {
  const line = {
    kind: "vote",
    voter,
    reaction: site.reactions[isHeld(reaction) ? reaction - HELD : reaction] ?? null,
    at,
    source: sourceName(source),
  } as const;
  if (isHeld(reaction)) return { ...line, held: true };
  return reaction === TAKEN ? { ...line, taken: true } : line;
}

function spanOf(span: string): FrozenSpan {
  const [from, to] = span.split(":");
  return [Number(from), to === undefined || to === "" ? null : Number(to)];
}

function namedCounts(site: Site, counts: readonly number[]): ReactionCounts {
  return Object.fromEntries(site.reactions.map((reaction, index) => [reaction, counts[index] ?? 0]));
}

function lineOf(line: ExportLine): string {
  return `${writeExportLine(line)}\n`;
}

async function* known(redis: RedisConnection, site: Site): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const pages = await knownPages(redis, site.id, after, PAGES_A_LOOK);
    yield* pages;
    if (pages.length < PAGES_A_LOOK) return;
    after = pages.at(-1);
  }
}

async function* registered(redis: RedisConnection, site: Site): AsyncGenerator<string> {
  for (let after: string | undefined; ; ) {
    const part = await listRegistered(redis, site.id, after, PAGES_A_LOOK);
    for (const { page } of part.pages) yield page;
    if (part.next === undefined) return;
    after = part.next;
  }
}
