import { appendFileSync, readdirSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { redisOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** The beginning of a command, as a power cut leaves it: Redis had not answered it yet. */
const BEGUN = "*3\r\n$3\r\nSET\r\n$4\r\nto";

const OWN_KEY = "torn by the fault tests";
const OWN_BYTES_MAX = 4_000;

/**
 * Redis is killed in the middle of a write to its file, and started again: half a command, of random length, is put after the
 * last one, while votes come in. With `appendfsync always` whatever was answered is whole in the file, and from outside nobody
 * can tell whether the last command was; a power cut would never take one that was. See also `cutAof`.
 */
export async function tearAof(scene: FaultScene): Promise<void> {
  const redis = redisOf(scene);
  await redis.kill();
  appendFileSync(newestFile(redis.dataDir), BEGUN.slice(0, 1 + scene.random.below(BEGUN.length)));
  await redis.restart();
}

/**
 * The same where bytes are cut off the file's tail: the services stand still meanwhile, and it is a command of ours, which nobody
 * misses.
 */
export async function cutAof(scene: FaultScene): Promise<void> {
  const { bed, random } = scene;
  const redis = redisOf(scene);
  const services = [...bed.apis, ...bed.workers, ...bed.realtimes];
  for (const service of services) service.freeze();
  const client = new Redis(redis.url, { retryStrategy: () => null });
  client.on("error", () => {});
  try {
    // What they had sent is carried out before anything that is asked for later.
    await client.ping();
    await client.ping();
    await client.set(OWN_KEY, "x".repeat(1 + random.below(OWN_BYTES_MAX)));
    await redis.kill();
  } finally {
    client.disconnect();
    for (const service of services) service.thaw();
  }
  const file = newestFile(redis.dataDir);
  const bytes = readFileSync(file);
  // After it stands nothing, or what Redis did of itself: it lets keys go whose time is over.
  const begin = bytes.lastIndexOf(`*3\r\n$3\r\nset\r\n$${OWN_KEY.length}\r\n${OWN_KEY}`);
  if (begin < 0) throw new Error(`${file} does not end with the command that was to be torn`);
  truncateSync(file, begin + 1 + random.below(bytes.length - begin - 1));
  await redis.restart();
  await expectTorn(redis.url);
}

async function expectTorn(url: string): Promise<void> {
  const client = new Redis(url);
  try {
    if ((await client.exists(OWN_KEY)) > 0) throw new Error("the command that was torn was carried out");
  } finally {
    client.disconnect();
  }
}

function newestFile(dataDir: string): string {
  const folder = join(dataDir, "redis", "appendonlydir");
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith(".incr.aof"))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Error(`no file in ${folder}`);
  return join(folder, newest);
}
