import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DataDirLockedError, lockDataDir } from "../../services/standalone/lock-data-dir.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("S15: the second of two is told who holds the folder", () => {
  const dataDir = temporaryFolder();
  lockDataDir(dataDir, new Lifecycle());
  const second = () => lockDataDir(dataDir, new Lifecycle());
  expect(second).toThrow(DataDirLockedError);
  expect(second).toThrow(
    new RegExp(`already runs on the data folder ${dataDir} \\(process ${process.pid}\\)`),
  );
});

test("S15: stopping gives the folder back and leaves nothing behind", async () => {
  const dataDir = temporaryFolder();
  const lifecycle = new Lifecycle();
  lockDataDir(dataDir, lifecycle);
  await lifecycle.stop();
  expect(readdirSync(dataDir)).toEqual([]);
  lockDataDir(dataDir, new Lifecycle());
});

test("S15: the one who was refused takes nothing away when it stops", async () => {
  const dataDir = temporaryFolder();
  lockDataDir(dataDir, new Lifecycle());
  const refused = new Lifecycle();
  expect(() => lockDataDir(dataDir, refused)).toThrow(DataDirLockedError);
  await refused.stop();
  expect(readdirSync(dataDir)).toEqual(["lock"]);
});

test.each([
  ["a process that has ended", JSON.stringify({ pid: spawnSync("true").pid, identity: "boot 1" })],
  [
    "an earlier process with the number of a living one",
    JSON.stringify({ pid: process.pid, identity: "boot 1" }),
  ],
  ["nobody", ""],
  ["nonsense", '{"pid":"me"}'],
])("S15: the lock of %s is taken over", (_, stale) => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, "lock"), stale);
  lockDataDir(dataDir, new Lifecycle());
  expect(JSON.parse(readFileSync(join(dataDir, "lock"), "utf8"))).toMatchObject({ pid: process.pid });
  expect(readdirSync(dataDir)).toEqual(["lock"]);
});

test("S15: a takeover that was cut short is taken over as well", () => {
  const dataDir = temporaryFolder();
  const dead = JSON.stringify({ pid: process.pid, identity: "boot 1" });
  writeFileSync(join(dataDir, "lock"), dead);
  writeFileSync(join(dataDir, "lock.takeover"), dead);
  lockDataDir(dataDir, new Lifecycle());
  expect(readdirSync(dataDir)).toEqual(["lock"]);
});

test("S15: a missing folder is made, for its owner only", () => {
  const dataDir = join(temporaryFolder(), "a", "b");
  lockDataDir(dataDir, new Lifecycle());
  expect(existsSync(join(dataDir, "lock"))).toBe(true);
  expect((statSync(dataDir).mode & 0o777).toString(8)).toBe("700");
});
