import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { ensureRedis } from "../../services/standalone/own-redis.ts";
import { identityOf } from "../../services/standalone/process-identity.ts";
import { readRecord } from "../../services/standalone/redis-record.ts";
import { type OwnRedis, type RedisSettings, startRedis } from "../../services/standalone/start-redis.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { findServer } from "../support/find-server.ts";
import { type HeardLog, hearLog } from "../support/heard-log.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const source = await findServer();

const KEEPS_DYING =
  "Redis keeps dying; it is started again for as long as it takes, and votes are refused meanwhile";

interface Started {
  readonly redis: OwnRedis;
  readonly heard: HeardLog;
  readonly lifecycle: Lifecycle;
}

async function start(dataDir: string, settings: Partial<RedisSettings> = {}): Promise<Started> {
  const lifecycle = new Lifecycle((name, error) => expect.unreachable(`${name}: ${error}`));
  onTestFinished(() => lifecycle.stop());
  const heard = hearLog();
  const redis = await startRedis(source, { dataDir, log: heard.log, ...settings }, lifecycle);
  return { redis, heard, lifecycle };
}

/** A client that never reconnects, closed with the test. */
function open(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null, replyMapping: "legacy" });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

function crash(pid: number | undefined): void {
  if (pid === undefined) expect.unreachable("there is no Redis to kill");
  else process.kill(pid, "SIGKILL");
}

/** A service in a process group of its own, as in a terminal, with a Redis on the folder. */
async function startElsewhere(dataDir: string) {
  const script = new URL("../support/hold-redis.ts", import.meta.url).pathname;
  const service = spawn(process.execPath, ["--import", "tsx", script, dataDir], { detached: true });
  onTestFinished(() => void service.kill("SIGKILL"));
  const [line]: unknown[] = await once(service.stdout, "data");
  const [pid = "", url = ""] = String(line).trim().split(" ");
  const identity = identityOf(Number(pid));
  onTestFinished(() => {
    if (identityOf(Number(pid)) === identity) crash(Number(pid));
  });
  return { service, pid: Number(pid), url };
}

async function killGroup(service: ChildProcessWithoutNullStreams): Promise<void> {
  const gone = once(service, "exit");
  if (service.pid !== undefined) process.kill(-service.pid, "SIGKILL");
  await gone;
}

test("S15: a start on nothing makes a Redis that syncs every write and evicts nothing", async () => {
  const dataDir = join(temporaryFolder(), "data");
  const { redis } = await start(dataDir);
  const client = open(redis.url);
  const names = [
    "appendonly",
    "appendfsync",
    "maxmemory-policy",
    "save",
    "bind",
    "hash-max-listpack-entries",
  ];
  const values = await Promise.all(
    names.map(async (name) => String(await client.config("GET", name)).split(",")[1]),
  );
  expect(values).toEqual(["yes", "always", "noeviction", "", "127.0.0.1", "128"]);
  expect((statSync(join(dataDir, "redis")).mode & 0o777).toString(8)).toBe("700");
  expect(readRecord(join(dataDir, "redis.json"))).toMatchObject({ pid: redis.pid(), port: redis.port });
});

test("S15: what was written is there at the next start", async () => {
  const dataDir = temporaryFolder();
  const first = await start(dataDir);
  await open(first.redis.url).set("vote", "great");
  await first.lifecycle.stop();
  expect(identityOf(first.redis.pid() ?? 0)).toBeUndefined();
  const second = await start(dataDir);
  expect(await open(second.redis.url).get("vote")).toBe("great");
});

test("S15: a killed Redis comes back on the same port with the same data, every time", async () => {
  const { redis, heard } = await start(temporaryFolder());
  await open(redis.url).set("vote", "sad");
  for (let kills = 0; kills < 3; kills += 1) {
    const back = heard.next("Redis runs again");
    const killed = redis.pid();
    crash(killed);
    await back;
    expect(redis.pid()).not.toBe(killed);
    expect(await open(redis.url).get("vote")).toBe("sad");
  }
});

test("S15: a Redis that keeps dying is started again and again, with its last words in the log, until it lives", async () => {
  const dataDir = temporaryFolder();
  const decide: RedisSettings["decide"] = (deaths) => ({
    rapidDeaths: deaths + 1,
    after_ms: 1,
    keepsDying: deaths >= 3,
  });
  const { redis, heard } = await start(dataDir, { decide });
  await open(redis.url).set("vote", "sad");
  const folder = join(dataDir, "redis", "appendonlydir");
  const manifest = join(folder, readdirSync(folder).find((name) => name.endsWith(".manifest")) ?? "");
  const whole = readFileSync(manifest);
  appendFileSync(manifest, "not a manifest\n");
  const dying = heard.next(KEEPS_DYING);
  crash(redis.pid());
  expect(await dying).toMatchObject({ rapidDeaths: 4, reason: expect.stringMatching(/manifest/i) });
  const back = heard.next("Redis runs again");
  writeFileSync(manifest, whole);
  await back;
  expect(await open(redis.url).get("vote")).toBe("sad");
});

test("S15: a Redis left behind by a killed service is ended before the next one starts, and its data is kept", async () => {
  const dataDir = temporaryFolder();
  const { service, pid, url } = await startElsewhere(dataDir);
  const client = open(url);
  await client.set("vote", "angry");
  await killGroup(service);
  expect(identityOf(pid), "Redis survives a signal to the service's process group").toBeDefined();
  const hungUp = once(client, "close");
  const { redis } = await start(dataDir);
  await hungUp;
  expect(identityOf(pid)).toBeUndefined();
  expect(await open(redis.url).get("vote")).toBe("angry");
});

test("S15: a frozen Redis left behind is ended too", { timeout: 20_000 }, async () => {
  const dataDir = temporaryFolder();
  const { service, pid, url } = await startElsewhere(dataDir);
  await open(url).set("vote", "angry");
  await killGroup(service);
  process.kill(pid, "SIGSTOP");
  const { redis } = await start(dataDir);
  expect(identityOf(pid)).toBeUndefined();
  expect(await open(redis.url).get("vote")).toBe("angry");
});

test("S15: a Redis of another data folder is left alone, whatever the note says", async () => {
  const [ours, theirs] = [temporaryFolder(), temporaryFolder()];
  const other = await start(theirs);
  const record = readRecord(join(theirs, "redis.json"));
  // As after a reboot: the number and the port of ours now belong to somebody else.
  appendFileSync(join(ours, "redis.json"), JSON.stringify({ ...record, identity: "an earlier boot" }));
  await start(ours);
  expect(identityOf(other.redis.pid() ?? 0)).toBe(record?.identity);
});

test("S15: a service that fails without stopping takes its Redis along", async () => {
  const { service, url } = await startElsewhere(temporaryFolder());
  const client = open(url);
  await client.ping();
  const hungUp = once(client, "close");
  service.stdin.write("fail\n");
  await hungUp;
});

test("S13: stopping twice, at once and through the lifecycle is one stop; no restart follows", async () => {
  const dataDir = temporaryFolder();
  const { redis, lifecycle } = await start(dataDir);
  const pid = redis.pid() ?? 0;
  await Promise.all([redis.stop(), lifecycle.stop(), redis.stop()]);
  await redis.stop();
  expect(identityOf(pid)).toBeUndefined();
  expect(readRecord(join(dataDir, "redis.json"))).toBeUndefined();
});

test("S13: stopping right after a crash leaves no Redis", async () => {
  const { redis, heard } = await start(temporaryFolder());
  const died = heard.next("Redis died; starting it again");
  crash(redis.pid());
  await died;
  await redis.stop();
  expect(identityOf(redis.pid() ?? 0)).toBeUndefined();
  await expect(open(redis.url).ping()).rejects.toThrow();
});

test("S13: stopping during the start leaves no Redis", async () => {
  const dataDir = temporaryFolder();
  const lifecycle = new Lifecycle();
  const settings = { dataDir, log: hearLog().log };
  const starting = startRedis(source, settings, lifecycle);
  await lifecycle.stop();
  await expect(starting).rejects.toThrow();
  expect(readRecord(join(dataDir, "redis.json"))).toBeUndefined();
});

test("S13: a frozen Redis does not keep us from stopping", async () => {
  const { redis, lifecycle } = await start(temporaryFolder());
  const pid = redis.pid() ?? 0;
  process.kill(pid, "SIGSTOP");
  await lifecycle.stop();
  expect(identityOf(pid)).toBeUndefined();
});

test("S132: a Redis that does not come up is an error with its last words", async () => {
  const dataDir = temporaryFolder();
  const first = await start(dataDir);
  await first.lifecycle.stop();
  const folder = join(dataDir, "redis", "appendonlydir");
  for (const name of readdirSync(folder)) appendFileSync(join(folder, name), "rubbish\n");
  await expect(start(dataDir)).rejects.toThrow(/Redis ended \(exit code 1\)\. Its last words/);
});

test("S132: ensureRedis finds, starts and ends a Redis", async () => {
  const lifecycle = new Lifecycle();
  onTestFinished(() => lifecycle.stop());
  const lines: string[] = [];
  const config = { dataDir: temporaryFolder(), redisServerBin: source.path };
  const { url } = await ensureRedis(config, lifecycle, (line) => lines.push(line), hearLog().log);
  const client = open(url);
  expect(await client.ping()).toBe("PONG");
  const hungUp = once(client, "close");
  await lifecycle.stop();
  await hungUp;
  expect(lines).toEqual([]);
});

test("S132: ensureRedis refuses a REDIS_SERVER_BIN that is none", async () => {
  const config = { dataDir: temporaryFolder(), redisServerBin: "/nowhere/redis-server" };
  const ensured = ensureRedis(config, new Lifecycle(), () => {}, hearLog().log);
  await expect(ensured).rejects.toThrow(/REDIS_SERVER_BIN: expected .*cannot be run/);
});
