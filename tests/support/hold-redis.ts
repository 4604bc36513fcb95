/**
 * A process of its own that runs a Redis on the data folder given as its argument, says `<pid of Redis> <url>` on standard
 * output, and stays until it is killed or, on any input, throws.
 */
import { pino } from "pino";
import { startRedis } from "../../services/standalone/start-redis.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { findServer } from "./find-server.ts";

const [, , dataDir = ""] = process.argv;
const settings = { dataDir, log: pino({ level: "silent" }) };
const redis = await startRedis(await findServer(), settings, new Lifecycle());
console.log(`${redis.pid()} ${redis.url}`);
process.stdin.once("data", () => {
  throw new Error("asked to fail");
});
