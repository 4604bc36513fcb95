import type { RedisSource } from "./find-redis.ts";
import { redisArguments } from "./redis-arguments.ts";
import type { RedisFolders } from "./redis-folders.ts";

/** A program, its arguments, and the data folder as the Redis in it sees it. */
export interface RedisCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly dir: string;
}

/** Who the files in the data folder shall belong to; undefined where the system has no such numbers. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** How it looks from inside a container; outside, the port is published on loopback only. */
const INSIDE = { bind: "0.0.0.0", port: 6379, dir: "/data" };

/** The command that runs a Redis in the foreground. */
export function redisCommand(
  source: RedisSource,
  folders: RedisFolders,
  port: number,
  owner: Owner | undefined,
): RedisCommand {
  // Only what needs attention; a file that grows with every rewrite would fill the data folder.
  const quiet = ["--loglevel", "warning"];
  if (source.kind === "binary") {
    const place = { bind: "127.0.0.1", port, dir: folders.data };
    return { program: source.path, args: [...redisArguments(place), ...quiet], dir: place.dir };
  }
  // Where root inside is us outside, any other number inside would not own the folder.
  const user = source.rootless ? { uid: 0, gid: 0 } : owner;
  return {
    program: "docker",
    dir: INSIDE.dir,
    args: [
      ...["run", "--rm", "--name", folders.containerName],
      ...["--publish", `127.0.0.1:${port}:${INSIDE.port}`],
      // Z: where SELinux guards the system, this folder is this container's.
      ...["--volume", `${folders.data}:${INSIDE.dir}:Z`],
      ...(user === undefined ? [] : ["--user", `${user.uid}:${user.gid}`]),
      ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges"],
      // Past the image's own start script, which would give the folder to a user of the image.
      ...["--entrypoint", "redis-server", source.image],
      ...redisArguments(INSIDE),
      // It guards against listening on every address, which inside the container is wanted.
      ...["--protected-mode", "no", ...quiet],
    ],
  };
}
