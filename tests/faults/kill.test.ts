/** A quick version of `npm run faults`: every process is killed once under load, and the history is checked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../support/reader.ts";
import { killApi } from "./kill-api.ts";
import { killRedis } from "./kill-redis.ts";
import { killWorker } from "./kill-worker.ts";
import { Random } from "./rig/random.ts";
import { type Fault, type RoundResult, runRound } from "./rig/round.ts";
import { startTestBed, type TestBed } from "./rig/test-bed.ts";

/** Processes start slowly on a busy machine, and a killed worker's lock has to run out. */
const PATIENT = { timeout: 120_000 };

let bed: TestBed | undefined;
beforeAll(async () => {
  bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1 });
}, PATIENT.timeout);
afterAll(() => bed?.stop());

const PLAN = { clients: 16, votesASecond: 200, pages: 4, viewers: 2 };
const seed = Math.floor(Math.random() * 2 ** 31);

async function roundUnder(fault: Fault): Promise<RoundResult> {
  if (bed === undefined) throw new Error("the services did not start");
  return await runRound(bed, fault, PLAN, new Random(seed));
}

async function proveUnder(fault: Fault): Promise<void> {
  const { findings, accepted } = await roundUnder(fault);
  expect(findings, `seed ${seed}`).toEqual([]);
  expect(accepted).toBeGreaterThan(0);
}

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

describe("SIGKILL under load", () => {
  it("V12: a worker mid-job: no accepted vote is lost or counted twice", PATIENT, () =>
    proveUnder(killWorker),
  );
  it("V12: an api between votes and answers: no accepted vote is lost or counted twice", PATIENT, () =>
    proveUnder(killApi),
  );
  it("V12: Redis, restarted on its data: no accepted vote is lost or counted twice", PATIENT, () =>
    proveUnder(killRedis),
  );
});

describe("a crash", () => {
  it("is found once, though the service was started again and nothing was lost", PATIENT, async () => {
    const { findings } = await roundUnder(crashApi);
    const detail = expect.stringMatching(/^the api ended with SIGKILL:\n.*"address"/s);
    expect(findings, `seed ${seed}`).toEqual([{ kind: "crashed", detail }]);
    expect(bed?.apis.flatMap((api) => api.takeCrashes())).toEqual([]);
  });
});
