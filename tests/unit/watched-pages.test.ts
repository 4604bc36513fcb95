import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { SYSTEM_TIMES } from "../../services/realtime/push-counts.ts";
import { WatchedPages } from "../../services/realtime/watched-pages.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import type { HearTotals } from "../../shared/tallies/page-feed.ts";

const SITE = { id: "default", name: "Default", reactions: ["great"] };

/** What Redis would hold and say, by hand. */
function parts() {
  const held = new Map<string, PageCounts>();
  const sent: PageCounts[] = [];
  const followed = new Map<string, HearTotals>();
  const anew: unknown[] = [];
  const clock = { now_ms: 1_000_000 };
  let healed = 0;
  let reads = 0;
  let delay: Promise<void> | undefined;
  const read = async (_site: unknown, pages: readonly string[]) => {
    reads++;
    await delay;
    return pages.map(
      (page) =>
        held.get(page) ?? { page, counts: { great: 0 }, total: 0, epoch: "", rev: 0, state: "open" as const },
    );
  };
  const watched = new WatchedPages({
    feed: {
      follow: async (_site, page, hear) => void followed.set(page, hear),
      unfollow: async (_site, page) => void followed.delete(page),
      renew: async () => {},
    },
    read,
    beginAnew: async (_site, { page, epoch, rev }) => anew.push([page, epoch, rev]),
    send: (_site, counts) => sent.push(counts),
    onMerged: () => {},
    onHealed: (count) => {
      healed += count;
    },
    times: { ...SYSTEM_TIMES, now_ms: () => clock.now_ms },
  });
  const hold = (page: string, rev: number, total = rev): void => {
    held.set(page, { page, counts: { great: total }, total, epoch: "e", rev, state: "open" });
  };
  /** Has reads wait; returns what lets them go on. */
  const holdReads = (): (() => void) => {
    let goOn = (): void => {};
    delay = new Promise((resolve) => {
      goOn = resolve;
    });
    return () => {
      delay = undefined;
      goOn();
    };
  };
  return {
    holdReads,
    watched,
    held,
    hold,
    sent,
    followed,
    anew,
    clock,
    healed: () => healed,
    reads: () => reads,
  };
}

describe("watched pages", () => {
  it("P6: a check tells viewers what they were not told, once", async () => {
    const { watched, hold, sent, healed } = parts();
    hold("p", 1);
    hold("q", 1);
    watched.enter(SITE, "p");
    watched.enter(SITE, "q");
    expect((await watched.counts(SITE, ["p", "q"])).map(({ rev }) => rev)).toEqual([1, 1]);
    expect(sent).toEqual([]);
    hold("p", 3);
    await watched.check();
    await watched.check();
    expect(sent.map(({ page, rev }) => [page, rev])).toEqual([["p", 3]]);
    expect(healed()).toBe(1);
  });

  it("P1: a later viewer's read tells earlier viewers too if it is newer", async () => {
    const { watched, hold, sent, clock } = parts();
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    hold("p", 2);
    clock.now_ms += 1_000;
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    expect(sent.map(({ rev }) => rev)).toEqual([2]);
  });

  it("P61: who asks for a page that was read a moment ago is told what was read and heard since", async () => {
    const { watched, hold, followed, clock, reads } = parts();
    hold("p", 1);
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    followed.get("p")?.({ epoch: "e", rev: 2, state: "open", totals: [2] });
    clock.now_ms += 100;
    expect((await watched.counts(SITE, ["p"])).map(({ rev }) => rev)).toEqual([2]);
    expect(reads()).toBe(1);
    clock.now_ms += 1;
    hold("p", 3);
    expect((await watched.counts(SITE, ["p"])).map(({ rev }) => rev)).toEqual([3]);
    expect(reads()).toBe(2);
    // One page that was not read is reason enough.
    watched.enter(SITE, "q");
    expect((await watched.counts(SITE, ["p", "q"])).map(({ rev }) => rev)).toEqual([3, 0]);
    expect(reads()).toBe(3);
  });

  it("P4: follows a page from its first viewer to its last", async () => {
    const { watched, followed, sent } = parts();
    watched.enter(SITE, "p");
    watched.enter(SITE, "p");
    const hear = followed.get("p");
    watched.leave(SITE, "p");
    expect(followed.has("p")).toBe(true);
    watched.leave(SITE, "p");
    watched.leave(SITE, "p");
    expect(followed.has("p")).toBe(false);
    expect(watched.size).toBe(0);
    hear?.({ epoch: "e", rev: 1, state: "open", totals: [1] });
    await watched.check();
    expect(sent).toHaveLength(1);
  });

  it("P92: who comes under a site's new settings hears its reactions by their new names, whoever stays from before", async () => {
    const { watched, followed, sent, clock } = parts();
    const after = { ...SITE, reactions: ["great", "sad"] };
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    watched.enter(after, "p");
    expect(watched.viewers(SITE.id)).toEqual(new Map([["p", 2]]));
    followed.get("p")?.({ epoch: "e", rev: 1, state: "open", totals: [1, 2] });
    expect(sent).toMatchObject([{ counts: { great: 1, sad: 2 }, rev: 1 }]);
    // Only the newer settings' viewer is left.
    watched.leave(SITE, "p");
    clock.now_ms += 1_000;
    followed.get("p")?.({ epoch: "e", rev: 2, state: "open", totals: [1, 3] });
    expect(sent).toMatchObject([{}, { counts: { great: 1, sad: 3 }, rev: 2 }]);
    watched.leave(after, "p");
    expect(watched.size).toBe(0);
    expect(followed.has("p")).toBe(false);
  });

  it("P92: what was read under a site's settings of before tells nobody who came under its new ones", async () => {
    const { watched, hold, sent, holdReads, healed } = parts();
    const after = { ...SITE, reactions: ["great", "sad"] };
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    const goOn = holdReads();
    hold("p", 7);
    const late = [watched.counts(SITE, ["p", "q"]), watched.check()];
    await setImmediate();
    watched.enter(after, "p");
    goOn();
    await Promise.all(late);
    expect(sent).toEqual([]);
    expect(healed()).toBe(0);
  });

  it.each([
    ["fewer changes", 3, 3],
    ["others in their place", 4, 3],
    ["nothing", 0, 0],
  ])("P45: a page of which Redis holds %s than viewers were told begins anew", async (_, rev, total) => {
    const { watched, held, hold, sent, anew } = parts();
    hold("p", 4);
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    await watched.check();
    expect(anew).toEqual([]);
    if (rev === 0) held.delete("p");
    else hold("p", rev, total);
    await watched.check();
    expect(anew).toEqual([["p", "e", 4]]);
    expect(sent).toEqual([]);
  });

  it("P45: a read that was overtaken by a change proves nothing", async () => {
    const { watched, hold, followed, anew } = parts();
    hold("p", 4);
    watched.enter(SITE, "p");
    await watched.counts(SITE, ["p"]);
    const checked = watched.check();
    followed.get("p")?.({ epoch: "e", rev: 5, state: "open", totals: [5] });
    await checked;
    expect(anew).toEqual([]);
  });
});
