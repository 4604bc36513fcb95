import { RedisContainer } from "@testcontainers/redis";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { redisArguments } from "../../services/standalone/redis-arguments.ts";
import { runCommand } from "../../services/standalone/run-command.ts";
import { waitUntilReady } from "../../services/standalone/wait-until-ready.ts";
import type { TestRedis } from "./test-redis.ts";

const PORT_INSIDE = 6379;
const DATA_INSIDE = "/data";
const DOCKER_MS_MAX = 60_000;

/** A Redis in a container, with the settings of `npm start`. Its data lives as long as the container. */
export async function startRedisContainer(image: string): Promise<TestRedis> {
  const place = { bind: "0.0.0.0", port: PORT_INSIDE, dir: DATA_INSIDE };
  const { container, port } = await onFreePort(async (port) => ({
    container: await new RedisContainer(image)
      // A port drawn by the engine would be another one after a restart.
      .withExposedPorts({ container: PORT_INSIDE, host: port })
      .withCommand(["redis-server", ...redisArguments(place), "--protected-mode", "no"])
      .start(),
    port,
  }));
  const id = container.getId();
  const ready = () => waitUntilReady(port, DATA_INSIDE, AbortSignal.timeout(DOCKER_MS_MAX));
  let running = true;
  let stopped: Promise<unknown> | undefined;
  const kill = async () => {
    if (running) await docker("kill", "--signal", "KILL", id);
    running = false;
    // The command returns when the signal is sent; the container is down a moment later.
    await docker("wait", id);
  };
  await ready();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      if (running) await docker("stop", "--time", "5", id);
      await docker("start", id);
      running = true;
      await ready();
    },
    pause: () => docker("pause", id),
    resume: () => docker("unpause", id),
    stop: async () => {
      stopped ??= docker("rm", "--force", "--volumes", id);
      await stopped;
    },
  };
}

async function docker(...args: string[]): Promise<void> {
  const { ok, output } = await runCommand("docker", args, { ms_max: DOCKER_MS_MAX });
  if (!ok) throw new Error(`docker ${args[0]}: ${output}`);
}
