import { describe, expect, it } from "vitest";
import { Viewer } from "../../services/realtime/viewer.ts";
import { WatchedPages } from "../../services/realtime/watched-pages.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";

/** A viewer on a Redis whose reads are answered or failed by hand, in any order. */
function viewerByHand() {
  const reads: { readonly answer: () => void; readonly fail: () => void }[] = [];
  const rooms = new Set<string>();
  const watched = new WatchedPages({
    feed: { follow: async () => {}, unfollow: async () => {}, renew: async () => {} },
    read: (_site, pages) =>
      new Promise((resolve, reject) => {
        const counts = pages.map(
          (page): PageCounts => ({ page, counts: { great: 0 }, total: 0, epoch: "e", rev: 1, state: "open" }),
        );
        reads.push({ answer: () => resolve(counts), fail: () => reject(new Error("Redis is away")) });
      }),
    beginAnew: async () => {},
    send: () => {},
    onMerged: () => {},
    onHealed: () => {},
  });
  const socket = {
    data: { site: OPEN_SITE, address: "192.0.2.1" },
    join: async (names: string | string[]) => void [names].flat().map((name) => rooms.add(name)),
    leave: async (name: string) => void rooms.delete(name),
  };
  return { viewer: new Viewer(socket, watched), watched, reads, rooms };
}

describe("a viewer that asks for a page twice while Redis comes and goes", () => {
  it.each(["first", "second"])(
    "V90: is told of changes when only the %s request was answered",
    async (answered) => {
      const { viewer, watched, reads, rooms } = viewerByHand();
      const asked = [viewer.watch(["p"]), viewer.watch(["p"])] as const;
      const settled = Promise.allSettled(asked);
      await expect.poll(() => reads.length).toBe(2);
      const [good, bad] = answered === "first" ? reads : [...reads].reverse();
      bad?.fail();
      await expect(asked[answered === "first" ? 1 : 0]).rejects.toMatchObject({
        problem: { code: "unavailable" },
      });
      good?.answer();
      await settled;
      expect({ rooms: rooms.size, watched: watched.size }).toEqual({ rooms: 1, watched: 1 });
    },
  );

  it("V90: watches nothing when both were refused", async () => {
    const { viewer, watched, reads, rooms } = viewerByHand();
    const asked = [viewer.watch(["p"]), viewer.watch(["p"])];
    await expect.poll(() => reads.length).toBe(2);
    for (const read of reads) read.fail();
    await Promise.allSettled(asked);
    expect({ rooms: rooms.size, watched: watched.size }).toEqual({ rooms: 0, watched: 0 });
  });
});

describe("a viewer", () => {
  it("S140: is busy while it watches a page, and once for each time that it sent something", async () => {
    const { viewer, reads } = viewerByHand();
    expect([viewer.takeBusy(), viewer.takeBusy()]).toEqual([true, false]);
    viewer.noteEvent();
    expect([viewer.takeBusy(), viewer.takeBusy()]).toEqual([true, false]);
    const watched = viewer.watch(["p"]);
    await expect.poll(() => reads.length).toBe(1);
    reads[0]?.answer();
    await watched;
    expect([viewer.takeBusy(), viewer.takeBusy()]).toEqual([true, true]);
    viewer.unwatch(["p"]);
    expect(viewer.takeBusy()).toBe(false);
  });
});
