/** What signals do to a service, as a process of its own whose parts close as slowly as a test needs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { until } from "../support/reader.ts";

const RUN_SERVICE = new URL("../../dist/shared/runtime/run-service.js", import.meta.url);

/** Longer than signals of one press are apart. */
const NEXT_PRESS_MS = 1_100;

/** A service with `parts` things that take some time to close each; it says "started", then "closing" and "closed" for each. */
async function begin(parts: number, closing_ms: number, stop_ms_max: number) {
  const code = `
    import { setTimeout as pause } from "node:timers/promises";
    import { runService } from ${JSON.stringify(RUN_SERVICE.href)};
    await runService("test", async (_config, lifecycle) => {
      setInterval(() => {}, 1_000);
      for (let n = 0; n < ${parts}; n++)
        lifecycle.onStop("part", async () => {
          console.log("closing");
          await pause(${closing_ms});
          console.log("closed");
        });
      console.log("started");
    }, { LOG_LEVEL: "silent" }, ${stop_ms_max});`;
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "-e", code], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = once(child, "close").then(([exit]: unknown[]) => exit);
  let said = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    said += part;
  });
  const words = (): readonly string[] => said.split("\n").filter((word) => word !== "");
  await until("the start", () => words().includes("started"));
  return { child, ended, words };
}

it("S165: signals of one press let the service close all that it opened", async () => {
  const { child, ended, words } = await begin(2, 100, 30_000);
  child.kill("SIGINT");
  await until("the stop", () => words().includes("closing"));
  child.kill("SIGINT");
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect(words()).toEqual(["started", "closing", "closed", "closing", "closed"]);
});

it("S165: a second press ends a service that does not stop", async () => {
  const { child, ended, words } = await begin(1, 60_000, 240_000);
  child.kill("SIGINT");
  await until("the stop", () => words().includes("closing"));
  await pause(NEXT_PRESS_MS);
  child.kill("SIGINT");
  expect(await ended).toBe(1);
  expect(words()).toEqual(["started", "closing"]);
});

it("S165: a stop that takes too long ends with a code of its own", async () => {
  // A part is given half of the time, so that three of them take too long.
  const { child, ended } = await begin(3, 60_000, 400);
  child.kill("SIGTERM");
  expect(await ended).toBe(1);
});
