/** What tally.lua carries by itself: called by redis-benchmark, which does nothing else, and as the worker calls it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { KEEP_MS, VOTES_A_CALL_MAX } from "../../../shared/tallies/tally-page.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { outputOf, pin } from "../begin.ts";
import { redisCpu_us, redisPid } from "../scale/measure.ts";
import type { Measured, Table } from "./results.ts";
import { inTurns, type Turn, tableOf, titled } from "./rounds.ts";
import { packVotes, scriptVotes, sharedMinute } from "./script-votes.ts";
import { OTHER_CORE, SERVER_CORE } from "./ways.ts";

/** As `npm run bench` has it: four workers, and 32 calls on their way. */
const CONNECTIONS = 4;
const TOGETHER = 8;
const TALLIES = new URL("../../../shared/tallies/", import.meta.url);

/** From Debian's package redis-tools. */
const hasBenchmark = spawnSync("redis-benchmark", ["--version"]).status === 0;

/** A Redis, and how it is called. */
interface Calling {
  readonly redis: Redis;
  /** Votes a second. */
  readonly call: (votesACall: number, calls: number) => Promise<number>;
  readonly end: () => Promise<void>;
}

/** @param votes of one measurement with as many a call as there may be; a twentieth of it with one a call */
export async function measureScript(rounds: number, votes: number): Promise<Measured> {
  const tables: Table[] = [];
  for (const votesACall of [VOTES_A_CALL_MAX, 1]) {
    const calls = Math.ceil(votesACall === 1 ? votes / 20 : votes / votesACall);
    const ways = hasBenchmark ? [byBenchmark, byWorker] : [byWorker];
    const figures = await inTurns(ways, rounds, [], async ({ redis, call }) => {
      await call(votesACall, Math.ceil(calls / 5));
      const before_us = await redisCpu_us(redis);
      const rate = await call(votesACall, calls);
      return {
        "votes/s": rate,
        "µs of Redis a vote": ((await redisCpu_us(redis)) - before_us) / (calls * votesACall),
      };
    });
    tables.push(titled(votesACall === 1 ? "1 vote a call" : `${votesACall} votes a call`, tableOf(figures)));
  }
  return {
    title: "The script by itself",
    text: `tally.lua called over ${CONNECTIONS} connections, ${TOGETHER} calls on their way on each; every call is for a page of its own, all of whose votes are new, because redis-benchmark can change a command by twelve digits only, and voters' bytes are spread over all there are. Redis has core 0 and \`appendfsync always\`, the caller core 1. The worker's calls are those of \`tallyPage\`, with what it does to pack votes and to read replies.${hasBenchmark ? "" : " redis-benchmark was not there (Debian's redis-tools)."}`,
    tables,
  };
}

const byBenchmark = onRedis("redis-benchmark", async (redis, url) => {
  const source = readFileSync(new URL("tally.lua", TALLIES), "utf8").replace(
    /^-- include: (\S+)$/gm,
    (_, file: string) => readFileSync(new URL(file, TALLIES), "utf8"),
  );
  const digest = String(await redis.script("LOAD", source));
  return async (votesACall, calls) => {
    const folder = mkdtempSync(join(tmpdir(), "reader-reactions-bench-"));
    try {
      const path = join(folder, "command");
      const { port } = new URL(url);
      const options = [
        "-p",
        port,
        "-c",
        CONNECTIONS,
        "-P",
        TOGETHER,
        "-n",
        calls,
        "-r",
        2 ** 31 - 1,
        "--csv",
      ];
      // The twelve digits stand for __rand_int__.
      const script = ["EVALSHA", digest, 1, "{default:__rand_int__}:page"];
      const votes = packVotes(scriptVotes(votesACall));
      const args = [...options, ...script, votes, "an epoch", "", "", sharedMinute, KEEP_MS];
      writeFileSync(path, Buffer.concat(args.map((arg) => Buffer.concat([bytesOf(arg), Buffer.from([0])]))));
      await redis.config("RESETSTAT");
      // By way of xargs: Node's own arguments are text.
      const output = await outputOf(OTHER_CORE, "xargs", ["-0", "-a", path, "redis-benchmark"]);
      const stats = await redis.info("commandstats");
      const [, failed] = /^cmdstat_evalsha:.*failed_calls=(\d+)/m.exec(stats) ?? [];
      const [, rate] = /,"([\d.]+)"(?:,"[\d.]+"){6}\s*$/.exec(output) ?? [];
      if (failed !== "0" || rate === undefined) throw new Error(`redis-benchmark:\n${output}\n${stats}`);
      return Number(rate) * votesACall;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
});

const byWorker = onRedis("the worker's calls", async (_, url) => async (votesACall, calls) => {
  const args = [url, votesACall, calls, CONNECTIONS, TOGETHER].map(String);
  const script = ["--import", "tsx", "tests/bench/peers/script-calls.ts"];
  return Number(await outputOf(OTHER_CORE, process.execPath, [...script, ...args]));
});

function onRedis(name: string, open: (redis: Redis, url: string) => Promise<Calling["call"]>): Turn<Calling> {
  return {
    name,
    begin: async () => {
      const server = await startRedisProcess();
      const redis = new Redis(server.url);
      pin(await redisPid(redis), SERVER_CORE);
      return {
        redis,
        call: await open(redis, server.url),
        end: async () => {
          redis.disconnect();
          await server.stop();
        },
      };
    },
  };
}

const bytesOf = (arg: string | number | Buffer): Buffer =>
  Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg));
