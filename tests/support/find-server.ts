import { findRedis, type RedisSource } from "../../services/standalone/find-redis.ts";
import { DEFAULT_IMAGE } from "../../services/standalone/own-redis.ts";
import { probeSystem } from "../../services/standalone/probe-system.ts";

/** The Redis or Valkey program that tests run: found, and if need be installed, as `npm start` does; never a container. */
export async function findServer(): Promise<Extract<RedisSource, { kind: "binary" }>> {
  const say = (line: string) => console.warn(line);
  const wish = { bin: process.env.REDIS_SERVER_BIN || undefined, image: DEFAULT_IMAGE };
  const probes = probeSystem(process.env, say);
  const source = await findRedis(wish, { ...probes, askForImage: async () => ({ kind: "no engine" }) }, say);
  if (source.kind !== "binary") throw new Error("expected a redis-server or valkey-server");
  return source;
}
