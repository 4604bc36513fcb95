import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WINDOW_MS } from "../../services/realtime/merge-window.ts";
import { PagePush } from "../../services/realtime/push-counts.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";

/** Time that a test moves. */
function handTime() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const turns: (() => void)[] = [];
  return {
    now_ms: () => now,
    after: (pause: number, run: () => void) => {
      const timer = { at: now + pause, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    afterTurn: (run: () => void) => void turns.push(run),
    /** Time passes while something runs, as it does while messages are written. */
    spend(ms: number): void {
      now += ms;
    },
    endTurn(): void {
      for (const run of turns.splice(0)) run();
    },
    go(ms: number): void {
      const end = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.run();
      }
      now = end;
    },
    get pending(): number {
      return timers.length;
    },
  };
}

const at = (rev: number, epoch = "e"): PageCounts => ({
  page: "p",
  counts: { great: rev },
  total: rev,
  epoch,
  rev,
  state: "open",
});

describe("pushing counts", () => {
  it("P2: the first change at once, what follows within the window as one message, the newest last", () => {
    const time = handTime();
    const sent: [number, number][] = [];
    let merged = 0;
    const push = new PagePush(({ rev }) => sent.push([time.now_ms(), rev]), {
      onMerged: () => merged++,
      times: time,
    });
    push.hear(at(1));
    expect(sent).toEqual([[0, 1]]);
    time.go(10);
    push.hear(at(2));
    push.hear(at(3));
    push.hear(at(4));
    time.go(500);
    expect(sent).toEqual([
      [0, 1],
      [WINDOW_MS, 4],
    ]);
    expect(merged).toBe(2);
    push.hear(at(5));
    expect(sent.at(-1)).toEqual([510, 5]);
    expect(time.pending).toBe(0);
  });

  it("P7: counts that are not newer are not sent; those of another epoch are", () => {
    const time = handTime();
    const sent: string[] = [];
    const push = new PagePush(({ epoch, rev }) => sent.push(`${epoch}${rev}`), { times: time });
    push.begin(at(3));
    push.hear(at(3));
    push.hear(at(2));
    expect(sent).toEqual([]);
    push.hear(at(4));
    time.go(1_000);
    push.hear(at(1, "f"));
    expect(sent).toEqual(["e4", "f1"]);
  });

  it("P2: for any arrivals: at most one message a window, none out of order, the newest always sent", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ pause: fc.nat(150), rev: fc.integer({ min: 1, max: 40 }) }), { maxLength: 60 }),
        (arrivals) => {
          const time = handTime();
          const sent: { at: number; rev: number }[] = [];
          const push = new PagePush(({ rev }) => sent.push({ at: time.now_ms(), rev }), { times: time });
          for (const { pause, rev } of arrivals) {
            time.go(pause);
            push.hear(at(rev));
          }
          time.go(WINDOW_MS);
          for (const [i, message] of sent.entries()) {
            const before = sent[i - 1];
            if (before === undefined) continue;
            expect(message.at - before.at).toBeGreaterThanOrEqual(WINDOW_MS);
            expect(message.rev).toBeGreaterThan(before.rev);
          }
          expect(sent.at(-1)?.rev).toBe(
            arrivals.length === 0 ? undefined : Math.max(...arrivals.map(({ rev }) => rev)),
          );
          expect(time.pending).toBe(0);
        },
      ),
    );
  });

  it("P43: the longer sending takes, the less often it is done; the newest is sent all the same", () => {
    const time = handTime();
    const sent: [number, number][] = [];
    const push = new PagePush(
      ({ rev }) => {
        sent.push([time.now_ms(), rev]);
        time.spend(150);
      },
      { times: time },
    );
    time.go(1_000);
    push.hear(at(1));
    push.hear(at(2));
    time.go(2_000);
    expect(sent).toEqual([
      [1_000, 1],
      [1_225, 2],
    ]);
    // Other pages were sent in the same turn.
    push.hear(at(3));
    time.spend(50);
    time.endTurn();
    const [since] = sent.at(-1) ?? [0];
    push.hear(at(4));
    time.go(2_000);
    expect(sent.at(-1)).toEqual([since + 300, 4]);
    // The process stood still: nobody waits for minutes because of that.
    push.hear(at(5));
    time.spend(60_000);
    time.endTurn();
    push.hear(at(6));
    time.go(1);
    expect(sent.at(-1)?.[1]).toBe(6);
  });

  it("P43: while viewers rush in, those who are in are told less often still", () => {
    const time = handTime();
    const sent: number[] = [];
    const rush = { on: true };
    const push = new PagePush(
      () => {
        sent.push(time.now_ms());
        time.spend(20);
      },
      { rush, times: time },
    );
    time.go(1_000);
    push.hear(at(1));
    push.hear(at(2));
    time.go(1_000);
    expect(sent).toEqual([1_000, 1_400]);
    rush.on = false;
    push.hear(at(3));
    push.hear(at(4));
    time.go(1_000);
    expect(sent.slice(2)).toEqual([2_020, 2_120]);
  });

  it("P2: sends nothing after it was stopped", () => {
    const time = handTime();
    const sent: number[] = [];
    const push = new PagePush(({ rev }) => sent.push(rev), { times: time });
    push.hear(at(1));
    push.hear(at(2));
    push.stop();
    time.go(1_000);
    expect(sent).toEqual([1]);
  });
});
