import { createRequire } from "node:module";
import { join } from "node:path";
import { Redis } from "ioredis";
import type { ServerOptions } from "socket.io";

/** @socket.io/redis-adapter from the folder that it was installed in for the benchmark; REDIS_URL names the Redis. */
export function redisAdapter(folder: string): ServerOptions["adapter"] {
  const require = createRequire(join(folder, "package.json"));
  const { createAdapter }: { createAdapter(pub: Redis, sub: Redis): ServerOptions["adapter"] } =
    require("@socket.io/redis-adapter");
  const url = process.env.REDIS_URL ?? "";
  return createAdapter(new Redis(url), new Redis(url));
}
