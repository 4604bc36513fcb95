/** A site with a past, for looking at the dashboard: titled pages in several languages, a day of votes, one raid, some orders. */
import { randomBytes } from "node:crypto";
import { Reactions } from "../../shared/client/client.ts";
import { writeExportLine } from "../../shared/contract/export.ts";
import { imported, moderator } from "./moderator.ts";
import { newVoter, tallied, vote } from "./reader.ts";

const HOUR_MS = 3_600_000;

type Story = readonly [page: string, title: string, mood: readonly number[]];

/** Titles, and how readers take them: great, sad, angry, recommend out of ten. */
export const STORIES: readonly [Story, ...Story[]] = [
  ["ferry", "The last ferry leaves without its captain", [2, 5, 1, 2]],
  ["budget", "Council passes the harbour budget after a night of shouting", [1, 1, 7, 1]],
  ["baker", "The night baker of Orrin Street", [7, 0, 0, 3]],
  ["bees", "Bees on line four: a tram waits for a swarm", [8, 0, 0, 2]],
  ["school", "A school of nine pupils fights to stay open", [1, 5, 2, 2]],
  ["bruecke", "Warum die Brücke noch immer gesperrt ist", [0, 2, 8, 0]],
  ["pluie", "La bibliothèque sauvée des eaux par ses lecteurs", [5, 2, 0, 3]],
  ["dijkstra", "Two clocks, one tower, and nobody knows the time", [4, 1, 3, 2]],
  ["arab", "مهرجان الميناء يعود بعد عامين من الغياب", [7, 1, 0, 2]],
  ["hostile", `<img src=x onerror="document.title='broken'"><b>Bold?</b>`, [3, 3, 3, 1]],
  [
    "long",
    "What ninety-four letters to the editor about a single zebra crossing tell us about the way a small town argues, forgives and starts again",
    [3, 1, 3, 3],
  ],
  ["korea", "부산항 야간 개장 첫날, 시민 3만 명 몰려", [6, 0, 1, 3]],
];

const REACTIONS = ["great", "sad", "angry", "recommend"];

/** Puts the past into a site that has no votes, and cooks up a present. @param url of the service, with limits off */
export async function fillNewsroom(url: string, site: string): Promise<void> {
  const now = Date.now();
  const lines = STORIES.flatMap(([page, title, mood], story) => pageLines(page, title, mood, story, now));
  const votes = lines.filter((line) => line.includes('"kind":"vote"')).length;
  const head = writeExportLine({
    kind: "header",
    format: "reader-reactions-export",
    version: 1,
    site,
    reactions: REACTIONS,
    exportedAt: now,
  });
  const tail = writeExportLine({ kind: "trailer", pages: STORIES.length, votes, audit: 0 });
  const { status, body } = await imported(url, `${[head, ...lines, tail].join("\n")}\n`, "", site);
  if (status !== 200) throw new Error(`the import was answered ${status} ${JSON.stringify(body)}`);

  const fresh = STORIES.flatMap(([page, , mood], story) =>
    Array.from({ length: 14 - story }, (_, n) => ({ page, reaction: moodAt(mood, n / (14 - story)) })),
  );
  await Promise.all(
    fresh.map(async (vote) => tallied(url, { ...vote, voter: await newVoter(url, site) }, site)),
  );
  const desk = moderator(url, site);
  for (const request of [
    { order: "freeze", page: "budget", reason: "the comments are on fire" },
    { order: "purge", page: "ferry", source: "bad0ba", reason: "a raid: one network, every two seconds" },
    { order: "hide", page: "hostile", reason: "<script>alert(1)</script>" },
    { order: "show", page: "hostile" },
    { order: "reopen", page: "budget" },
  ] as const) {
    const { id } = await desk.order(request);
    await desk.waitFor(id);
  }
}

/** A handful of readers who vote in the same moment: more and fewer of them as `wave` grows, most on the first stories. */
export async function castWave(url: string, site: string, wave: number): Promise<void> {
  const readers = Math.round(8 + 5 * Math.sin(wave / 9) + 2 * Math.sin(wave / 2.3));
  const votes = Array.from({ length: readers }, (_, n) => {
    const [page, , mood] =
      STORIES[Math.floor(STORIES.length * (((wave * 7 + n * 5) % 13) / 13) ** 2)] ?? STORIES[0];
    return vote(url, { page, reaction: moodAt(mood, ((wave * 3 + n) % 10) / 10) }, {}, site);
  });
  await Promise.all(votes);
}

/** Readers with the stories open, most with the first ones. @returns closes them */
export function openReaders(url: string, site: string): () => void {
  const readers = STORIES.flatMap(([page], story) =>
    Array.from({ length: STORIES.length - story }, () => {
      const reader = new Reactions({ endpoint: url, site });
      reader.watch([page], () => {});
      return reader;
    }),
  );
  return () => {
    for (const reader of readers) reader.rest();
  };
}

/** A page with its votes of the last 46 hours, fewer at night; the first story has a raid, too. */
function pageLines(
  page: string,
  title: string,
  mood: readonly number[],
  story: number,
  now: number,
): readonly string[] {
  const voters = 520 - story * 36;
  const votes = Array.from({ length: voters }, (_, n) => {
    const ago_ms = ((n + 1) / voters) ** 1.6 * 46 * HOUR_MS;
    const night = Math.sin((ago_ms / HOUR_MS / 24) * 2 * Math.PI) * 2 * HOUR_MS;
    return voteLine(moodAt(mood, ((n * 7) % 10) / 10), Math.floor(now - Math.max(60_000, ago_ms + night)), n);
  });
  const raid = Array.from({ length: story === 0 ? 150 : story === 1 ? 90 : 0 }, (_, n) =>
    writeExportLine({
      kind: "vote",
      voter: randomBytes(8).toString("hex"),
      reaction: "angry",
      at: now - 3 * HOUR_MS - n * 2_000,
      source: "bad0ba",
    }),
  );
  const all = [...votes, ...raid].sort();
  const counts = Object.fromEntries(
    REACTIONS.map((name) => [name, all.filter((line) => line.includes(`"${name}"`)).length]),
  );
  return [
    writeExportLine({
      kind: "page",
      page,
      state: "open",
      records: all.length,
      title,
      url: `https://news.example/${page}`,
    }),
    ...all,
    writeExportLine({ kind: "totals", page, votes: all.length, counts }),
  ];
}

function voteLine(reaction: string, at: number, n: number): string {
  return writeExportLine({
    kind: "vote",
    voter: randomBytes(8).toString("hex"),
    reaction,
    at,
    source: (0x1a2b00 + ((n * 31) % 97)).toString(16),
  });
}

/** @param place 0 to 1 */
function moodAt(mood: readonly number[], place: number): string {
  let left = place * 10;
  for (const [index, weight] of mood.entries()) {
    left -= weight;
    if (left < 0) return REACTIONS[index] ?? "great";
  }
  return "great";
}
