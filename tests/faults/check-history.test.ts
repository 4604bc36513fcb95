/** The checker's own test: a sound history passes. */
import { describe, expect, it } from "vitest";
import type { FinalRecord } from "./rig/history.ts";
import {
  answered,
  asked,
  counts,
  ending,
  kinds,
  outsideOf,
  PAGE,
  record,
  seen,
  sound,
  unanswered,
} from "./rig/sound-history.ts";

describe("a sound history", () => {
  it("passes", () => expect(kinds(sound())).toEqual([]));

  it("passes when a vote with an unknown outcome is there, once", () => {
    const { history, final } = sound();
    const records = [...final.records, record("d", 15_001, "great")];
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a vote without an answer took effect after a later one", () => {
    const { history, final } = sound();
    history.votes.push(unanswered("b", 9_000, "great"));
    const records = final.records.map((kept) => (kept.voter === "b" ? record("b", 11_000, "great") : kept));
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 0, 6)], records) })).toEqual([]);
  });

  it("passes when a watch is answered after news that were newer", () => {
    const { history, final } = sound();
    history.seen.push(answered(3, "v.2"));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a viewer who comes back is told what held a moment ago", () => {
    const { history, final } = sound();
    history.seen.push(answered(4, "v.3", 25_105), seen(4, "v.4", "e", 26_005));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when another viewer knew more", () => {
    const { history, final } = sound();
    history.seen.push(answered(4, "w.1", 30_000));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a viewer comes back to another epoch", () => {
    const { history, final } = sound();
    history.seen.push({ ...answered(0, "v.3", 30_000), counts: counts(1, 0, 1, "f") });
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a voter reads something else while another vote is under way", () => {
    const { history, final } = sound();
    history.reads.push({ voter: "a", page: PAGE, reaction: "sad", began_ms: 30_000, ended_ms: 30_010 });
    history.votes.push(unanswered("a", 30_005, "sad"));
    expect(kinds({ history, final })).toEqual([]);
  });

  it("passes when a vote was stored long after its client gave up", () => {
    const { history, final } = sound();
    const records = [...final.records, record("d", 58_000, "great")];
    expect(kinds({ history, final: ending({ history, final }, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a voter who was told a tally had pressed something else meanwhile", () => {
    const planted = sound();
    const told = { outcome: "tallied" as const, status: 200, counts: counts(1, 0, 3) };
    planted.history.votes.push(asked("f", 24_000, "sad", told), unanswered("f", 24_002, "great"));
    const records = [...planted.final.records, record("f", 24_002, "great")];
    expect(kinds({ ...planted, final: ending(planted, [counts(2, 1, 6)], records) })).toEqual([]);
  });

  it("passes when a vote is held: it is kept, and in no total", () => {
    const planted = sound();
    planted.history.votes.push(asked("f", 24_000, "sad"));
    const held: FinalRecord = { ...record("f", 24_000, "sad"), held: true };
    const end = ending(planted, [counts(1, 1, 6)], [...planted.final.records, held]);
    expect(kinds({ ...planted, final: end })).toEqual([]);
  });

  it("passes when nobody was told of a page that nobody voted on", () => {
    const { history, final } = sound();
    const empty = { ...counts(0, 0, 0, ""), page: "empty" };
    const outside = outsideOf([...final.pages, empty], final.records);
    expect(kinds({ history, final: { ...final, pages: [...final.pages, empty], outside } })).toEqual([]);
  });
});
