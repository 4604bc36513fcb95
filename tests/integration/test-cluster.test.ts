import { expect, onTestFinished, test } from "vitest";
import { startTestCluster } from "../support/test-cluster.ts";

test("a cluster has three masters, moves slots, and puts a replica in a dead master's place", {
  timeout: 120_000,
}, async () => {
  const cluster = await startTestCluster();
  onTestFinished(() => cluster.stop());
  const before = await cluster.masters();
  expect(before.map(({ slots }) => slots).sort()).toEqual([5461, 5461, 5462]);
  const [one, other] = before;
  if (one === undefined || other === undefined) throw new Error("no masters");
  await cluster.moveSlots(10, one.port, other.port);
  await cluster.settled();
  expect((await cluster.masters()).find(({ port }) => port === other.port)?.slots).toBe(other.slots + 10);
  await cluster.kill(one.port);
  await cluster.settled();
  const after = await cluster.masters();
  expect(after).toHaveLength(3);
  expect(after.map(({ port }) => port)).not.toContain(one.port);
  await cluster.restart(one.port);
  await cluster.settled();
  expect(await cluster.ask(one.port, "ROLE")).toContain("slave");
});
