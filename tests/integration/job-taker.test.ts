import { setTimeout as pause } from "node:timers/promises";
import { Queue } from "bullmq";
import { afterAll, describe, expect, it } from "vitest";
import { closeWorker } from "../../services/worker/close-worker.ts";
import { JobTaker } from "../../services/worker/job-taker.ts";
import { putOff } from "../../services/worker/put-off.ts";
import { within } from "../../shared/runtime/within.ts";
import { eachMaster } from "../support/each-master.ts";
import { until } from "../support/reader.ts";
import { openTestRedis } from "../support/tally-redis.ts";

const { redis, lifecycle } = openTestRedis();
afterAll(() => lifecycle.stop());

const PLACES = 5;
/** A line of CLIENT LIST: the id of a connection that waits, and its queue. */
const WAITS = /^id=(\d+) .* name=([^ ]+):[^ ]* .* flags=b /;
let queues = 0;

/** A queue of its own, and a taker that does what `work` does with each job's number. */
function begin(work: (n: number) => Promise<void>, round_ms = 20) {
  const name = `taken-${process.pid}-${queues++}`;
  const prefix = `{${name}}`;
  const queue = new Queue<{ n: number }>(name, { connection: redis, prefix });
  const errors: Error[] = [];
  const start = (): JobTaker => {
    const taker = new JobTaker(name, async ({ data }) => await work((data as { n: number }).n), {
      ...{ connection: redis, prefix, places: PLACES, round_ms, runRetryDelay: 50 },
      ...{ lockDuration: 1_000, stalledInterval: 200, removeOnComplete: { count: 0 } },
      // Whoever misses what wakes it sleeps for longer than a test is patient.
      drainDelay: 60,
    });
    taker.on("error", (error) => errors.push(error));
    return taker;
  };
  const add = (from: number, to: number) =>
    queue.addBulk(Array.from({ length: to - from }, (_, n) => ({ name: "job", data: { n: from + n } })));
  const end = async (taker: JobTaker): Promise<void> => {
    await closeWorker(taker, redis);
    await queue.obliterate({ force: true });
    await queue.close();
  };
  /** Has Redis drop the connection of a taker that waits. */
  const drop = (): Promise<void> =>
    until("what waits to be dropped", async () => {
      const dropped = await eachMaster(redis, async (master) => {
        const clients = String(await master.client("LIST")).split("\n");
        const [, id] = clients.map((line) => WAITS.exec(line)).find((found) => found?.[2] === prefix) ?? [];
        return id === undefined ? 0 : await master.client("KILL", "ID", Number(id));
      });
      return dropped.includes(1);
    });
  return { queue, start, add, end, drop, errors };
}

const upTo = (end: number): readonly number[] => Array.from({ length: end }, (_, n) => n);
const inOrder = (numbers: readonly number[]): readonly number[] => [...numbers].sort((a, b) => a - b);

describe("a job that is put off", () => {
  it("V97: counts no try although it cannot be sent back, and is taken over", async () => {
    const name = `put-off-${process.pid}`;
    const prefix = `{${name}}`;
    const queue = new Queue(name, { connection: redis, prefix });
    const job = await queue.add("job", {}, { attempts: 1 });
    const reasons: unknown[] = [];
    let takes = 0;
    const taker = new JobTaker(
      name,
      async (given) => {
        // With somebody else's token Redis refuses to send it back.
        if (++takes === 1) throw await putOff(given, "another's", (reason) => reasons.push(reason));
      },
      {
        ...{ connection: redis, prefix, places: 1, round_ms: 20, runRetryDelay: 50, maxStalledCount: 9 },
        ...{ lockDuration: 500, stalledInterval: 200, removeOnComplete: { count: 0 } },
      },
    );
    taker.on("error", () => {});
    await until("the job to be done", async () => (await job.getState()) === "unknown");
    expect(takes).toBe(2);
    expect(reasons).toHaveLength(1);
    expect(await queue.getFailedCount()).toBe(0);
    await taker.close();
    await queue.obliterate({ force: true });
    await queue.close();
  });
});

describe("a worker's rounds", () => {
  it("V36: take every job once, and never more at a time than there are places", async () => {
    const done: number[] = [];
    let inHand = 0;
    let most = 0;
    const { start, add, end, errors } = begin(async (n) => {
      most = Math.max(most, ++inHand);
      await pause(n % 7);
      inHand--;
      done.push(n);
    });
    await add(0, 40);
    const taker = start();
    await until("some", () => done.length > 20);
    await add(40, 60);
    await until("all", () => done.length >= 60);
    await add(60, 61);
    await until("one that came alone", () => done.length >= 61);
    expect(inOrder(done)).toEqual(upTo(61));
    expect(most).toBeLessThanOrEqual(PLACES);
    expect(errors).toEqual([]);
    await end(taker);
  });

  it("V36: end with the jobs in hand when the worker is closed; the others are left to another", async () => {
    const done: number[] = [];
    const goOn: (() => void)[] = [];
    const { queue, start, add, end } = begin(async (n) => {
      await new Promise<void>((resolve) => goOn.push(resolve));
      done.push(n);
    });
    await add(0, 12);
    const taker = start();
    await until("all places to be taken", () => goOn.length === PLACES);
    const closed = taker.close();
    await pause(100);
    expect(done).toEqual([]);
    for (const go of goOn.splice(0)) go();
    await closed;
    expect(inOrder(done)).toEqual(upTo(PLACES));
    expect(await queue.getJobCountByTypes("active")).toBe(0);
    expect(await queue.getJobCountByTypes("wait")).toBe(12 - PLACES);
    const other = start();
    await until("the others", () => {
      for (const go of goOn.splice(0)) go();
      return done.length === 12;
    });
    expect(inOrder(done)).toEqual(upTo(12));
    await end(other);
  });

  it("V36: keep the lock of a job that takes longer than a lock, and go on after a job that failed", async () => {
    const begun: number[] = [];
    const { queue, start, add, end } = begin(async (n) => {
      begun.push(n);
      if (n === 0) await pause(2_500);
      if (n === 1) throw new Error("cannot be done");
    });
    const taker = start();
    const other = start();
    await add(0, 3);
    await until("the long one to end", async () => (await queue.getJobCountByTypes("active", "wait")) === 0);
    expect(inOrder(begun)).toEqual([0, 1, 2]);
    expect(await queue.getFailedCount()).toBe(1);
    await other.close();
    await end(taker);
  });

  it("V36: take a job that was put off when its time has come, though others ended meanwhile", async () => {
    const done: number[] = [];
    const { queue, start, add, end } = begin(async (n) => {
      // Ends between the third round, in which the worker hears when the job that was put off is due, and the fourth.
      if (n < 2) await pause(750);
      if (n === 1) throw new Error("cannot be done");
      done.push(n);
    }, 300);
    const taker = start();
    for (const n of [0, 1]) {
      await add(n, n + 1);
      await queue.add("job", { n: n + 10 }, { delay: 800 });
      await until("what was put off", () => done.includes(n + 10));
    }
    await until("the one that took long", () => done.includes(0));
    expect(inOrder(done)).toEqual([0, 10, 11]);
    await end(taker);
  });

  it("V36: go on when Redis drops the connections of a worker that waits", async () => {
    const done: number[] = [];
    const { start, add, end, drop } = begin(async (n) => void done.push(n));
    const taker = start();
    await add(0, 1);
    await until("the first", () => done.length === 1);
    for (let n = 1; n < 4; n++) {
      await drop();
      await add(n, n + 1);
      await until("the next", () => done.length === n + 1);
    }
    expect(done).toEqual(upTo(4));
    await end(taker);
  });

  it("V36: end though the connection that the worker waits with was dropped a moment ago", async () => {
    const { start, end, drop, errors } = begin(async () => {});
    const taker = start();
    const client = await taker.backend.blockingClient;
    const dropped = new Promise<void>((resolve) => client?.once("reconnecting", resolve));
    await drop();
    // A Cluster says nothing of one connection.
    await Promise.race([dropped, pause(200)]);
    await within(10_000, end(taker), "the worker did not close");
    expect(errors).toEqual([]);
  });
});
