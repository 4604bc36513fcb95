/** A Redis that reads its data after a start: when connections to it are used again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { redisCommand } from "../../services/standalone/redis-command.ts";
import { makeRedisFolders } from "../../services/standalone/redis-folders.ts";
import { runRedis } from "../../services/standalone/run-redis.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { findServer } from "../support/find-server.ts";
import { until } from "../support/reader.ts";
import { redisAddress } from "../support/redis-place.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Redis listens between a thousand commands of its file and the next; a minute at `SLOWLY_US` for each of them. */
const COMMANDS = 60_000;
const SLOWLY_US = 1_000;
/** What Redis reckons it still needs, s: longer than ioredis would wait before it asks again, if it were let. */
const RECKONED_S = 10;

let lifecycle: Lifecycle;
beforeEach(() => {
  lifecycle = new Lifecycle();
});
afterEach(() => lifecycle.stop());

/** Starts a Redis that has its data to read, slowly; resolves to its port. */
async function startLoading(): Promise<number> {
  const source = await findServer();
  const folders = makeRedisFolders(temporaryFolder());
  return await onFreePort(async (port) => {
    const before = runRedis(source, folders, port);
    await before.ready;
    const client = new Redis(port);
    const pipeline = client.pipeline();
    for (let n = 0; n < COMMANDS; n++) pipeline.set(`key ${n}`, "x");
    await pipeline.exec();
    client.disconnect();
    await before.end();
    const { program, args } = redisCommand(source, folders, port, undefined);
    const redis = spawn(program, [...args, "--key-load-delay", String(SLOWLY_US)], { stdio: "ignore" });
    lifecycle.onStop("Redis", async () => {
      const ended = once(redis, "exit");
      redis.kill("SIGKILL");
      await ended;
    });
    return port;
  });
}

it("S169: Redis is used as soon as it has read its data, however long it thought that it would take", {
  timeout: 120_000,
}, async () => {
  const port = await startLoading();
  const onlooker = new Redis(port, { enableReadyCheck: false });
  onlooker.on("error", () => {});
  lifecycle.onStop("onlooker", () => onlooker.disconnect());
  await until(
    "Redis to reckon with long",
    async () =>
      Number(/loading_eta_seconds:(\d+)/.exec(await onlooker.info("persistence"))?.[1]) > RECKONED_S,
    30_000,
  );
  const trusting = new Redis(port);
  lifecycle.onStop("trusting", () => trusting.disconnect());
  const ours = openRedis(
    "reader",
    redisAddress(`redis://127.0.0.1:${port}`),
    lifecycle,
    openLog("test", "silent"),
  );
  await until(
    "both to have asked Redis how far it is",
    async () => String(await onlooker.client("LIST")).match(/cmd=info/g)?.length === 2,
    30_000,
  );
  await onlooker.config("SET", "key-load-delay", "0");
  await once(ours, "ready");
  expect(trusting.status).not.toBe("ready");
});
