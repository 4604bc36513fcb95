/** What the service tells of pages to those outside: counts, the export, and what voters read of their own. */
import { once } from "node:events";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { type PageCounts, parsePageCounts } from "../../../shared/contract/counts.ts";
import { parseExportLine } from "../../../shared/contract/export.ts";
import { isObject } from "../../../shared/contract/object.ts";
import type { FinalRecord, History, OutsideView } from "./history.ts";
import type { Random } from "./random.ts";
import type { VoterNames } from "./read-final.ts";
import { readMine } from "./read-mine.ts";
import { ADMIN_TOKEN } from "./voters.ts";

/** Voters who read their own votes in the end. */
const VOTERS_READ = 60;
const TRIES_MAX = 20;
const RETRY_MS = 500;

/**
 * @param apis asked in turn, each again while it refuses; after the last fault all of them are there
 * @throws when one of them goes on refusing
 */
export async function readOutside(
  apis: readonly string[],
  pages: readonly string[],
  history: History,
  names: VoterNames,
  random: Random,
): Promise<OutsideView> {
  const [first = ""] = apis;
  const voters = new Map<string, Set<string>>();
  for (const { voter, page } of history.votes) voters.set(voter, (voters.get(voter) ?? new Set()).add(page));
  const all = [...voters];
  const sample = new Map(Array.from({ length: Math.min(VOTERS_READ, all.length) }, () => random.pick(all)));
  const [counts, records, mine] = await Promise.all([
    Promise.all(apis.map((api) => patiently(() => readCounts(api, pages)))),
    patiently(() => readExport(first, pages, names)),
    Promise.all(
      [...sample].map(async ([voter, votedOn]) => {
        const read = await patiently(() => readMine(random.pick(apis), voter, [...votedOn]));
        return read.map(({ page, reaction }) => ({ voter, page, reaction }));
      }),
    ),
  ]);
  return { pages: counts.flat(), records, mine: mine.flat() };
}

async function readCounts(api: string, pages: readonly string[]): Promise<readonly PageCounts[]> {
  const query = pages.map((page) => `page=${encodeURIComponent(page)}`).join("&");
  const response = await fetch(`${api}/v1/sites/default/counts?${query}`);
  const body: unknown = await response.json();
  if (!response.ok || !isObject(body) || !Array.isArray(body.pages)) throw new Error(JSON.stringify(body));
  return body.pages.map((told: unknown) => {
    const counts = parsePageCounts(told);
    if (counts === undefined) throw new Error(`these are no counts: ${JSON.stringify(told)}`);
    return counts;
  });
}

/** The export holds all pages of all rounds: lines of others are passed over unread. */
async function readExport(
  api: string,
  pages: readonly string[],
  names: VoterNames,
): Promise<readonly FinalRecord[]> {
  const authorization = `Bearer ${ADMIN_TOKEN}`;
  const asking = get(`${api}/v1/sites/default/export`, { headers: { authorization } });
  const [response] = await once(asking, "response");
  if (response.statusCode !== 200) {
    response.resume();
    throw new Error(`the export answered ${response.statusCode}`);
  }
  const mine = new Set(pages);
  const records: FinalRecord[] = [];
  let page: string | undefined;
  let complete = false;
  for await (const text of createInterface({ input: response })) {
    if (text.startsWith(VOTE) && page === undefined) continue;
    const line = parseExportLine(text);
    if (line.kind === "page") page = mine.has(line.page) ? line.page : undefined;
    if (line.kind === "trailer") complete = true;
    if (line.kind === "vote" && page !== undefined) {
      const record = { voter: names.of(line.voter, page), page, reaction: line.reaction, at: line.at };
      records.push(line.held === true ? { ...record, held: true } : record);
    }
  }
  if (!complete) throw new Error("the export broke off");
  return records;
}

/** How a line begins that tells of a vote. */
const VOTE = '{"kind":"vote"';

async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
      await pause(RETRY_MS);
    }
  }
}
