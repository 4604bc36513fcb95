/** `npm start` as a process of its own, on nothing: no settings but a free port, and an empty folder for its data. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { call, countsOf, until, vote } from "../support/reader.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const MAIN = fileURLToPath(new URL("../../dist/services/standalone/main.js", import.meta.url));

/** Between the signals of one Ctrl-C: long enough that the system does not make one of them. */
const SIGNAL_PAUSE_MS = 5;

const running = new Set<ChildProcess>();
afterEach(async () => {
  await Promise.all([...running].map(async (child) => child.kill("SIGKILL") && (await once(child, "close"))));
});

interface Started {
  /** What it says at its start, as in `{ "Demo page": "http://…/" }`. */
  readonly said: ReadonlyMap<string, string>;
  /** As in `http://127.0.0.1:40123`. */
  readonly url: string;
  /** What it complained of so far. */
  readonly faults: () => string;
  /** Sends so many SIGINTs, a few ms apart; resolves to the exit code and the signal that ended it. */
  interrupt(signals?: number): Promise<readonly unknown[]>;
}

/** Starts it; resolves once it has said where it is. */
async function npmStart(dataDir: string): Promise<Started> {
  const child = spawn(process.execPath, ["--enable-source-maps", MAIN], {
    env: {
      PATH: process.env.PATH,
      REDIS_SERVER_BIN: process.env.REDIS_SERVER_BIN,
      DATA_DIR: dataDir,
      PORT: "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let [text, faults] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    faults += part;
  });
  // Not "exit": the last words come before "close".
  const ended = once(child, "close").finally(() => running.delete(child));
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (text.includes("Press Ctrl-C to stop.")) resolve();
    });
    child.once("close", (code) => reject(new Error(`it ended with ${code}: ${text}${faults}`)));
  });
  const said = new Map(
    [...text.matchAll(/^ {4}(\S.*?) {2,}(\S.*)$/gm)].map(([, what = "", how = ""]) => [what, how]),
  );
  const url = new URL(said.get("Demo page") ?? "").origin;
  const interrupt = async (signals = 1): Promise<readonly unknown[]> => {
    for (let sent = 0; sent < signals; sent++) {
      if (sent > 0) await pause(SIGNAL_PAUSE_MS);
      child.kill("SIGINT");
    }
    return await ended;
  };
  return { said, url, faults: () => faults, interrupt };
}

it("S130, S165: npm start on nothing takes votes, says where it is, ends with Ctrl-C, and has them at the next start", {
  timeout: 180_000,
}, async () => {
  const folder = temporaryFolder();
  const first = await npmStart(folder);
  expect([...first.said.keys()]).toEqual([
    "Demo page",
    "Dashboard",
    "API",
    "Health, metrics",
    "Redis",
    "Admin token",
  ]);
  for (const what of ["Demo page", "Dashboard", "API"])
    expect((await fetch(first.said.get(what) ?? "")).status, what).toBe(200);
  for (const address of first.said.get("Health, metrics")?.split(/\s+/) ?? [])
    expect((await fetch(address)).status, address).toBe(200);
  const token = readFileSync(first.said.get("Admin token") ?? "", "utf8").trim();
  const admin = { headers: { authorization: `Bearer ${token}` } };
  expect((await call(`${first.url}/v1/sites`, admin)).status).toBe(200);

  const accepted = await vote(first.url, { page: "hello", reaction: "great" });
  expect(accepted).toMatchObject({ status: 202, body: { page: "hello", reaction: "great" } });
  const great = { counts: { great: 1 }, total: 1 };
  await until("the vote", async () => (await countsOf(first.url, "hello")).total === 1);
  expect(await countsOf(first.url, "hello")).toMatchObject(great);

  expect(await first.interrupt()).toEqual([0, null]);
  // Nothing was left to the deadline that ends what does not close.
  expect(first.faults()).toBe("");

  const second = await npmStart(folder);
  expect(await countsOf(second.url, "hello")).toMatchObject(great);
  expect((await call(`${second.url}/v1/sites`, admin)).status).toBe(200);
  // Whoever voted is known still.
  const again = { page: "hello", reaction: "sad", voter: accepted.body.voter };
  expect((await vote(second.url, again)).status).toBe(202);
  await until("the vote to move", async () => {
    const { counts, total } = await countsOf(second.url, "hello");
    return total === 1 && JSON.stringify(counts) === '{"great":0,"sad":1,"angry":0,"recommend":0}';
  });
  // Where npm passes its SIGINT on to a child that got it from the terminal, too.
  expect(await second.interrupt(3)).toEqual([0, null]);
  expect(second.faults()).toBe("");
  expect(["lock", "redis.json"].filter((name) => existsSync(join(folder, name)))).toEqual([]);
});
