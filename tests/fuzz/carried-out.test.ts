import { describe, expect, it } from "vitest";
import { lookForNeverDone } from "./carried-out.ts";
import { operationOfEvent, SOCKET_EVENTS } from "./socket-events.ts";

const ROUTES = ["GET /a", "POST /b"];
const EVENTS = SOCKET_EVENTS.map(operationOfEvent);

describe("operations that were never carried out", () => {
  it("are none when each route and each event was", () => {
    const { said, faults } = lookForNeverDone(ROUTES, new Set([...ROUTES, ...EVENTS]), 20_000);
    expect(faults).toEqual([]);
    expect(said).toMatch(/^6 of 6 operations/);
  });

  it("are faults, also of routes and events that were never tried", () => {
    const { faults } = lookForNeverDone(ROUTES, new Set(["GET /a", ...EVENTS.slice(1)]), 20_000);
    expect(faults).toEqual(["never carried out: POST /b", `never carried out: ${EVENTS[0]}`]);
  });

  it("are only told after fewer inputs", () => {
    const { said, faults } = lookForNeverDone(ROUTES, new Set(EVENTS), 19_999);
    expect(faults).toEqual([]);
    expect(said).toContain("Not carried out: GET /a, POST /b");
  });
});
