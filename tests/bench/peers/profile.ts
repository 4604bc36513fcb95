/** Where the time of a vote goes: V8's sampling profiler on the processes, and what Redis says of its commands. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { warmFor_s } from "../load.ts";
import { format } from "../rows.ts";
import { busiestOf } from "./cpu-profile.ts";
import { rateOf } from "./rates.ts";
import type { Measured, Table } from "./results.ts";
import { oursWith } from "./ways.ts";

const PAGES = Array.from({ length: 20 }, (_, n) => `https://news.example/profile/${n}`);

/** Rows of each table. */
const SHOWN = 10;

/** What Redis calls slow here, in ms: all who wait for it wait as long. */
const SLOW_MS = 5;
/** Entries of SLOWLOG that Redis keeps. */
const SLOW_MAX = 1_000;

/** @param seconds of load, after a while to warm up */
export async function measureProfile(seconds: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-profile-"));
  try {
    const running = await oursWith(["--cpu-prof", `--cpu-prof-dir=${folder}`]).begin(PAGES);
    const [api, worker] = running.pids;
    const redis = new Redis(running.redisUrl ?? "");
    let rate: number;
    let tables: readonly Table[];
    try {
      await rateOf(running, PAGES, warmFor_s(seconds));
      await watchRedis(redis);
      rate = (await rateOf(running, PAGES, seconds))["votes/s"];
      tables = [await commandsOf(redis), await slowOf(redis)];
    } finally {
      redis.disconnect();
      await running.end();
    }
    // Written as each process ends.
    const profileOf = (pid = 0): string =>
      join(folder, readdirSync(folder).find((name) => name.split(".").includes(String(pid))) ?? "none");
    return {
      title: "Where the time of a vote goes",
      text: `The load of "Votes accepted and counted" for ${seconds} s, all of our processes under \`node --cpu-prof\`, which slows them: ${format(rate)} votes/s. Of functions: the time in their own code, in percent of the time in which the process did anything, from its start to its end. Of Redis: \`INFO commandstats\`, where what a script calls counts both for the script and by itself, and \`SLOWLOG\` and \`LATENCY\` with a threshold of ${SLOW_MS} ms.`,
      tables: [
        [["the API", "% of its time"], ...rowsOf(profileOf(api))],
        [["the worker", "% of its time"], ...rowsOf(profileOf(worker))],
        ...tables,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const rowsOf = (profile: string): string[][] =>
  busiestOf(profile, SHOWN).map(({ name, share }) => [name, format(100 * share)]);

async function watchRedis(redis: Redis): Promise<void> {
  await redis.config("SET", "slowlog-log-slower-than", SLOW_MS * 1_000);
  await redis.config("SET", "slowlog-max-len", SLOW_MAX);
  await redis.config("SET", "latency-monitor-threshold", SLOW_MS);
  await redis.config("RESETSTAT");
  await redis.slowlog("RESET");
  await redis.call("LATENCY", "RESET");
}

async function commandsOf(redis: Redis): Promise<Table> {
  const stats = await redis.info("commandstats");
  const found = [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+),usec=(\d+)/gm)]
    .map(([, name = "", calls, took_us]) => ({ name, calls: Number(calls), took_us: Number(took_us) }))
    .sort((a, b) => b.took_us - a.took_us)
    .slice(0, SHOWN);
  return [
    ["command of Redis", "calls", "µs a call", "ms in all"],
    ...found.map(({ name, calls, took_us }) => [
      name.replace("|", " "),
      calls.toLocaleString("en"),
      format(took_us / calls),
      format(took_us / 1_000),
    ]),
  ];
}

async function slowOf(redis: Redis): Promise<Table> {
  const log = (await redis.slowlog("GET", SLOW_MAX)) as [number, number, number, string[]][];
  const slow = new Map<string, number[]>();
  for (const [, , took_us, [command = ""]] of log) {
    const name = command.toLowerCase();
    slow.set(name, [...(slow.get(name) ?? []), took_us]);
  }
  const latest = (await redis.call("LATENCY", "LATEST")) as [string, number, number, number][];
  return [
    [`what took ${SLOW_MS} ms or more`, "times", "longest, ms"],
    ...[...slow].map(([command, took_us]) => [
      `SLOWLOG ${command}`,
      took_us.length.toLocaleString("en"),
      format(Math.max(...took_us) / 1_000),
    ]),
    ...(await Promise.all(
      latest.map(async ([event, , , longest_ms]) => {
        const history = (await redis.call("LATENCY", "HISTORY", event)) as unknown[];
        return [`LATENCY ${event}`, `${history.length} seconds`, format(longest_ms)];
      }),
    )),
  ];
}
