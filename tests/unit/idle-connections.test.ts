import { describe, expect, it } from "vitest";
import { IdleConnections } from "../../services/realtime/idle-connections.ts";

describe("connections that only hold a place", () => {
  it("S140: are ended after five looks in a row; one that was busy in between begins anew", () => {
    const idle = new IdleConnections<string>();
    const open = ["silent", "watches", "presses"];
    const ended = [1, 2, 3, 4, 5, 6, 7, 8].map((look) =>
      idle.look(open, new Set(look === 3 ? ["watches", "presses"] : ["watches"])),
    );
    expect(ended).toEqual([[], [], [], [], ["silent"], ["silent"], ["silent"], ["silent", "presses"]]);
    // Who has gone is forgotten.
    expect(idle.look(["presses"], new Set())).toEqual(["presses"]);
    expect(idle.look(["silent"], new Set())).toEqual([]);
  });
});
