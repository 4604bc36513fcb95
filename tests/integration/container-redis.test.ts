/** The Redis of `npm start` where it comes as a container. Without an engine there is nothing to test here. */
import { join } from "node:path";
import { Redis } from "ioredis";
import { describe, expect, onTestFinished, test } from "vitest";
import { engineAnswers } from "../../services/standalone/probe-system.ts";
import { readRecord, writeRecord } from "../../services/standalone/redis-record.ts";
import { runCommand } from "../../services/standalone/run-command.ts";
import { startRedis } from "../../services/standalone/start-redis.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { hearLog } from "../support/heard-log.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const image = process.env.TEST_REDIS_IMAGE || "redis:7.4";
const source = { kind: "container", image, rootless: false } as const;

async function start(dataDir: string) {
  const lifecycle = new Lifecycle();
  onTestFinished(() => lifecycle.stop());
  const heard = hearLog();
  const redis = await startRedis(source, { dataDir, log: heard.log }, lifecycle);
  const container =
    readRecord(join(dataDir, "redis.json"))?.container ?? expect.unreachable("no container noted");
  return { redis, lifecycle, heard, container };
}

function open(url: string): Redis {
  const client = new Redis(url, { retryStrategy: () => null });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  return client;
}

async function containersNamed(name: string): Promise<string> {
  const { output } = await runCommand("docker", ["ps", "--all", "--quiet", "--filter", `name=${name}`], {
    ms_max: 10_000,
  });
  return output;
}

describe.skipIf(!(await engineAnswers()))("S15: a Redis in a container", { timeout: 60_000 }, () => {
  test("S15: keeps its data in our folder, and is gone after the stop", async () => {
    const dataDir = temporaryFolder();
    const first = await start(dataDir);
    await open(first.redis.url).set("vote", "great");
    await first.lifecycle.stop();
    expect(await containersNamed(first.container)).toBe("");
    const second = await start(dataDir);
    expect(await open(second.redis.url).get("vote")).toBe("great");
  });

  test("S15: comes back on the same port when it is killed", async () => {
    const { redis, heard, container } = await start(temporaryFolder());
    await open(redis.url).set("vote", "sad");
    const back = heard.next("Redis runs again");
    await runCommand("docker", ["kill", container], { ms_max: 10_000 });
    await back;
    expect(await open(redis.url).get("vote")).toBe("sad");
  });

  test("S15: comes back when only the docker command is killed", async () => {
    const { redis, heard } = await start(temporaryFolder());
    await open(redis.url).set("vote", "sad");
    const back = heard.next("Redis runs again");
    process.kill(redis.pid() ?? expect.unreachable("it does not run"), "SIGKILL");
    await back;
    expect(await open(redis.url).get("vote")).toBe("sad");
  });

  test("S15: is ended when an earlier run left it behind", async () => {
    const dataDir = temporaryFolder();
    const { lifecycle, container } = await start(dataDir);
    const recordFile = join(dataDir, "redis.json");
    const record = readRecord(recordFile) ?? expect.unreachable("no note");
    await lifecycle.stop();
    // As a killed service leaves it: the container runs on and nobody waits for it.
    const args = ["run", "--detach", "--rm", "--name", container, "--entrypoint", "redis-server", image];
    const left = await runCommand("docker", args, { ms_max: 30_000 });
    expect(left.ok, left.output).toBe(true);
    writeRecord(recordFile, record);
    const next = await start(dataDir);
    expect(await open(next.redis.url).ping()).toBe("PONG");
    expect(left.output.startsWith(await containersNamed(container))).toBe(false);
  });
});
