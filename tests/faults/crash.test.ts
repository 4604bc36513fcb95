/** Whether a service that ends by itself is noticed, though it is started again and nothing is lost. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/reader.ts";
import { Random } from "./rig/random.ts";
import { type Fault, runRound } from "./rig/round.ts";
import { startTestBed, type TestBed } from "./rig/test-bed.ts";

/** Processes start slowly on a busy machine. */
const PATIENT = { timeout: 120_000 };

const PLAN = { clients: 8, votesASecond: 100, pages: 2, viewers: 1 };

let bed: TestBed | undefined;
beforeAll(async () => {
  bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1 });
}, PATIENT.timeout);
afterAll(() => bed?.stop());

/** Ends as if by itself, as far as the bed knows, and is started again. */
const crashApi: Fault = async ({ bed: { apis } }) => {
  for (const api of apis) {
    const { pid } = api;
    process.kill(pid, "SIGKILL");
    await until("the api to end", () => !isThere(pid));
    await api.kill();
    await api.start();
  }
};

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a crash", () => {
  it("is found once, though the service was started again and nothing was lost", PATIENT, async () => {
    if (bed === undefined) throw new Error("the services did not start");
    const { findings } = await runRound(bed, crashApi, PLAN, new Random(7));
    const detail = expect.stringMatching(/^the api ended with SIGKILL:\n.*"address"/s);
    expect(findings).toEqual([{ kind: "crashed", detail }]);
    expect(bed.apis.flatMap((api) => api.takeCrashes())).toEqual([]);
  });
});
