import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alertSentence } from "../../services/dashboard/alert-sentence.ts";
import { fileNameOf, toCsv } from "../../services/dashboard/charts/csv.ts";
import { coloursOf } from "../../services/dashboard/charts/palette.ts";
import {
  around,
  askable,
  lately,
  SPANS,
  SPANS_MS,
  sensible,
} from "../../services/dashboard/charts/ranges.ts";
import {
  gains,
  reactionsOf,
  shares,
  stack,
  valuesOf,
  velocity,
} from "../../services/dashboard/charts/series.ts";
import { sparkPath } from "../../services/dashboard/charts/spark-path.ts";
import { filterByText } from "../../services/dashboard/filter.ts";
import en from "../../services/dashboard/locales/en.ts";
import type { Messages } from "../../services/dashboard/messages.ts";
import { bytes, percent, rate } from "../../services/dashboard/numbers.ts";
import { fill } from "../../services/dashboard/phrase.ts";
import { parseRoute, type Route, writeRoute } from "../../services/dashboard/route.ts";
import { deedOf } from "../../services/dashboard/shortcuts.ts";
import { fromField, toField } from "../../services/dashboard/times.ts";
import { nextOnWall } from "../../services/dashboard/wall-turns.ts";
import { KEPT_MS, POINTS_MAX, STEP_MS } from "../../shared/contract/timeline.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 34, 56);
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const folder = new URL("../../services/dashboard/locales/", import.meta.url);
const locales = new Map<string, Messages>();
for (const file of readdirSync(folder)) {
  const loaded: { default: Messages } = await import(new URL(file, folder).href);
  locales.set(file.replace(".ts", ""), loaded.default);
}

/** Every string of a language by its path, as in `now.windows.hour`. */
function strings(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  return Object.entries(value ?? {}).flatMap(([name, inner]) =>
    strings(inner, path === "" ? name : `${path}.${name}`),
  );
}

describe("the dashboard's address", () => {
  it("P51: says view, page and range, and is read back as it was written", () => {
    const routes: readonly Route[] = [
      { view: "now" },
      { view: "page", page: "https://news.example/?a=b&c=d#e" },
      { view: "page", page: "<b>", from: NOW - HOUR_MS, to: NOW },
      { view: "audit" },
    ];
    for (const route of routes) expect(parseRoute(writeRoute(route))).toEqual(route);
  });

  it("P51: is never wrong: what cannot be understood is left out", () => {
    expect(parseRoute("")).toEqual({ view: "now" });
    expect(parseRoute("#/__proto__?page=x")).toEqual({ view: "now" });
    expect(parseRoute(`#/page?page=${"x".repeat(600)}`)).toEqual({ view: "page" });
    expect(parseRoute("#/page?page=a&from=2&to=1")).toEqual({ view: "page", page: "a" });
    expect(parseRoute("#/page?page=a&from=-1&to=99999999999999999")).toEqual({ view: "page", page: "a" });
    expect(parseRoute("#/alerts?page=a")).toEqual({ view: "alerts" });
  });
});

describe("ranges of time", () => {
  it("P51: are asked for at a step that is kept, with no more points than an answer has", () => {
    for (const span of SPANS) {
      const { from, to, step } = askable(lately(span, NOW), NOW);
      expect(NOW - from, span).toBeLessThan(KEPT_MS[step]);
      expect((to - from) / STEP_MS[step], span).toBeLessThan(POINTS_MAX);
      expect((to - from) / STEP_MS[step], span).toBeGreaterThan(10);
    }
    // An hour of last week is kept by the hour only.
    expect(askable({ from: NOW - 170 * HOUR_MS, to: NOW - 169 * HOUR_MS }, NOW).step).toBe("hour");
  });

  it("P51: that somebody drew are made sensible", () => {
    expect(sensible({ from: NOW, to: NOW - HOUR_MS }, NOW)).toEqual({ from: NOW - HOUR_MS, to: NOW });
    expect(sensible({ from: NOW - 1, to: NOW + HOUR_MS }, NOW)).toEqual({
      from: NOW - 5 * MINUTE_MS,
      to: NOW,
    });
    expect(sensible({ from: 0, to: NOW }, NOW).from).toBe(NOW - SPANS_MS["400d"]);
    expect(around(NOW - 3 * HOUR_MS, NOW)).toEqual({ from: NOW - 4 * HOUR_MS, to: NOW - 2 * HOUR_MS });
  });

  it("P55: fields hold the viewer's own time", () => {
    const minute = Math.floor(NOW / MINUTE_MS) * MINUTE_MS;
    expect(fromField(toField(minute))).toBe(minute);
    expect(fromField("")).toBeUndefined();
    expect(fromField("soon")).toBeUndefined();
  });
});

describe("what charts are drawn from", () => {
  const points = [
    { at: 0, counts: { great: 1, sad: 3 } },
    { at: MINUTE_MS, counts: { great: 5, sad: 3, odd: 2 } },
    { at: 3 * MINUTE_MS, counts: { great: 4, sad: 3, odd: 1 } },
  ];

  it("P51: stacks, shares, velocities and gains", () => {
    const names = reactionsOf(points);
    expect(names).toEqual(["great", "sad", "odd"]);
    expect(stack(names.map((name) => valuesOf(points, name)))).toEqual([
      [1, 5, 4],
      [4, 8, 7],
      [4, 10, 8],
    ]);
    expect(shares(points).map(({ counts }) => counts.great)).toEqual([0.25, 0.5, 0.5]);
    expect(shares([{ at: 0, counts: { great: 0 } }])[0]?.counts).toEqual({ great: 0 });
    expect(velocity(points)).toEqual([
      { at: MINUTE_MS, perMinute: 6 },
      { at: 3 * MINUTE_MS, perMinute: -1 },
    ]);
    expect(gains(points)).toEqual([6, -2]);
    expect([velocity([]), gains([]), stack([])]).toEqual([[], [], []]);
  });

  it("P50: sparklines stay in their box, with nothing and with less than nothing", () => {
    for (const values of [[], [0], [0, 0], [5, -3, 900], Array.from({ length: 30 }, (_, n) => -n)]) {
      const path = sparkPath(values);
      expect(path).toMatch(/^M[\d. L]+$/);
      for (const [, y] of path.matchAll(/[ML][\d.]+ ([\d.]+)/g)) {
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(28);
      }
    }
  });

  it("P50: every reaction has a colour of its own, whatever it is called", () => {
    const names = ["great", "sad", "angry", "recommend", "odd", "yes", "no", "to-string"];
    expect(new Set(coloursOf(names).values()).size).toBe(names.length);
  });

  it("P52: are a table too, in which no cell is a formula", () => {
    const csv = toCsv(
      [0, MINUTE_MS],
      [
        { name: '=HYPERLINK("http://evil.example")', values: [1, null] },
        { name: 'a "quoted", name', values: [-2, 3.5] },
      ],
    );
    expect(csv).toBe(
      'time,"\'=HYPERLINK(""http://evil.example"")","a ""quoted"", name"\r\n' +
        "1970-01-01T00:00:00.000Z,1,-2\r\n1970-01-01T00:01:00.000Z,,3.5\r\n",
    );
    expect(fileNameOf("Votes over time", "csv")).toBe("votes-over-time.csv");
    expect(fileNameOf("../../etc/passwd", "png")).toBe("etc-passwd.png");
    expect(fileNameOf("시간별 투표", "png")).toBe("시간별-투표.png");
    expect(fileNameOf("…", "csv")).toBe("chart.csv");
  });
});

describe("the dashboard's words", () => {
  it("P55: every language says all that English says, with the same blanks", () => {
    expect([...locales.keys()]).toEqual(expect.arrayContaining(["en", "ko"]));
    const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    const plural = /\.(?:zero|one|two|few|many)$/;
    const english = new Map(strings(en).filter(([path]) => !plural.test(path)));
    for (const [tag, messages] of locales) {
      const said = strings(messages).filter(([path]) => !plural.test(path));
      expect(said.map(([path]) => path).sort(), tag).toEqual([...english.keys()].sort());
      for (const [path, text] of said) {
        expect(text.trim(), `${tag} ${path}`).not.toBe("");
        expect(blanks(text), `${tag} ${path}`).toEqual(blanks(english.get(path) ?? ""));
      }
      const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
      for (const phrases of [...Object.values(messages.counts), messages.system.jobs])
        expect(Object.keys(phrases), tag).toEqual(expect.arrayContaining(pluralCategories));
    }
  });

  it("P58: tell why there is an alert in the viewer's language", () => {
    const burst = { kind: "burst", votes: 1_204, minutes: 5, usual: 12 } as const;
    const named = (reaction: string): string => (reaction === "great" ? "Great" : `<${reaction}>`);
    expect(alertSentence(en, "en", burst, named)).toBe(
      "1,204 votes within 5 minutes; 12 is usual on this page.",
    );
    const flip = {
      kind: "mood-flip",
      votes: 80,
      minutes: 60,
      from: "great",
      to: "constructor",
      shareBefore: 0.031,
      shareNow: 0.7,
    } as const;
    expect(alertSentence(en, "en", flip, named)).toBe(
      "“<constructor>” leads now with 70% of 80 votes within 60 minutes; before, “Great” led, and “<constructor>” had 3.1%.",
    );
    for (const [tag, messages] of locales) {
      for (const why of [
        burst,
        flip,
        { kind: "concentration", votes: 9, matching: 8, source: "9f86d0", since: 1, until: 2 },
        { kind: "threshold", reaction: "angry", votes: 1_000, minutes: 10, limit: 900 },
      ] as const)
        expect(alertSentence(messages, tag, why, named), tag).not.toMatch(/\{\w+\}/);
    }
  });

  it("S71: what is filled in stays what it is", () => {
    expect(fill("{a} and {b} and {toString}", { a: "{b}", b: "$&" })).toBe("{b} and $& and {toString}");
  });

  it("P55: numbers are short and in the language's own form", () => {
    expect([rate("en", 3.0999), rate("en", 1_234.5), percent("en", 0.123), percent("de", 0.5)]).toEqual([
      "3.1",
      "1,235",
      "12%",
      "50\u00a0%",
    ]);
    expect([bytes("en", 0), bytes("en", 1_536_000), bytes("en", 2e15)]).toEqual([
      "0 byte",
      "1.5 MB",
      "2,000 TB",
    ]);
  });
});

describe("finding and moving", () => {
  it("P59: rows have all the words that were typed, in any case", () => {
    const rows = ["Purge ferry by root", "Freeze budget by anna", "부산항 야간 개장"];
    expect(filterByText(rows, "  ROOT purge ", String)).toEqual([rows[0]]);
    expect(filterByText(rows, "부산항", String)).toEqual([rows[2]]);
    expect(filterByText(rows, "(.*", String)).toEqual([]);
    expect(filterByText(rows, " ", String)).toBe(rows);
  });

  it("P56: a key does one thing, and none in a field or with a modifier", () => {
    const free = { inField: false, modified: false };
    expect(deedOf("a", free)).toEqual({ kind: "view", view: "alerts" });
    expect(deedOf("?", free)).toEqual({ kind: "help" });
    expect(deedOf("constructor", free)).toBeUndefined();
    expect(deedOf("a", { inField: true, modified: false })).toBeUndefined();
    expect(deedOf("a", { inField: false, modified: true })).toBeUndefined();
  });

  it("P57: a wall shows everything in turn, and goes on when a page is hot no more", () => {
    const hot = ["one", "two"];
    const seen: Route[] = [{ view: "now" }];
    for (let turn = 0; turn < 4; turn++) seen.push(nextOnWall(seen.at(-1) ?? { view: "now" }, hot));
    expect(seen.map(({ view, page }) => page ?? view)).toEqual(["now", "one", "two", "alerts", "now"]);
    expect(nextOnWall({ view: "page", page: "gone" }, hot)).toEqual({ view: "alerts" });
    expect(nextOnWall({ view: "system" }, [])).toEqual({ view: "now" });
  });
});
