/** A quick version of `npm run faults`: every process is killed once under load, and the history is checked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { killApi } from "./kill-api.ts";
import { killRedis } from "./kill-redis.ts";
import { killWorker } from "./kill-worker.ts";
import { Random } from "./rig/random.ts";
import { type Fault, runRound } from "./rig/round.ts";
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

let rounds = 0;

async function proveUnder(fault: Fault): Promise<void> {
  if (bed === undefined) throw new Error("the services did not start");
  // Each round has pages of its own.
  const { findings, accepted } = await runRound(bed, fault, PLAN, new Random(seed + rounds++));
  expect(findings, `seed ${seed}`).toEqual([]);
  expect(accepted).toBeGreaterThan(0);
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
