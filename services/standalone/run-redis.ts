/** One run of Redis as a child process, from its start to its end. Restarting it is the business of start-redis. */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync, readFileSync } from "node:fs";
import { endWithUs } from "./end-with-us.ts";
import type { RedisSource } from "./find-redis.ts";
import { redisCommand } from "./redis-command.ts";
import type { RedisFolders } from "./redis-folders.ts";
import { runCommand } from "./run-command.ts";
import { waitUntilReady } from "./wait-until-ready.ts";

/** Longest that Redis may take over a proper end before it is killed; the lifecycle allows 3 s for all of it. */
const END_MS_MAX = 2_000;
const REMOVE_CONTAINER_MS_MAX = 10_000;

/** Redis ended when it should not have, or never began to answer. */
export class RedisEndedError extends Error {
  override readonly name = "RedisEndedError";
}

/** A Redis that was started. */
export interface RedisRun {
  /** Undefined when it could not even be begun. */
  readonly pid: number | undefined;
  /** Resolves when it has ended, however it came to that, to how and its last words. */
  readonly ended: Promise<string>;
  /** Resolves when it serves commands; rejects with RedisEndedError, the child then being gone or going. */
  readonly ready: Promise<void>;
  /** Ends it properly, by force when that takes too long. Resolves when it has ended; may be called at any time. */
  end(): Promise<void>;
  /** Ends it by SIGKILL, as a crash would. */
  kill(): Promise<void>;
}

/** Starts a Redis on 127.0.0.1:`port` with the data in `folders`. */
export function runRedis(source: RedisSource, folders: RedisFolders, port: number): RedisRun {
  const command = redisCommand(source, folders, port, owner());
  const log = openSync(folders.logFile, "a", 0o600);
  const logged_bytes = fstatSync(log).size;
  const child = spawn(command.program, command.args, {
    // A process group of its own: Ctrl-C in the terminal must reach our services first, and Redis last, through us.
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const release = endWithUs(child);
  const over = new AbortController();
  const ended = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on("error", (error) => resolve(error.message));
  }).then((how) => {
    release();
    const message = `Redis ended (${how})${lastWords(folders.logFile, logged_bytes)}`;
    over.abort(new RedisEndedError(message));
    return message;
  });
  const kill = async () => {
    child.kill("SIGKILL");
    if (source.kind === "container") await removeContainer(folders.containerName);
    await ended;
  };
  const ready = waitUntilReady(port, command.dir, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) void kill();
    throw error instanceof RedisEndedError ? error : new RedisEndedError(messageOf(error));
  });
  // Whoever ends it first is not interested any more.
  ready.catch(() => {});
  let ending: Promise<void> | undefined;
  return {
    pid: child.pid,
    ended,
    ready,
    kill,
    end: () => {
      ending ??= endWithin(child.kill("SIGTERM"), ended, kill);
      return ending;
    },
  };
}

/** Ends and removes a container by name; there may be none. */
export async function removeContainer(name: string): Promise<void> {
  await runCommand("docker", ["rm", "--force", name], { ms_max: REMOVE_CONTAINER_MS_MAX });
}

async function endWithin(asked: boolean, ended: Promise<string>, kill: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), asked ? END_MS_MAX : 0);
  });
  if ((await Promise.race([ended, late])) === "late") await kill();
  clearTimeout(timer);
}

/** What this run has added to the log. */
function lastWords(logFile: string, from_bytes: number): string {
  try {
    const said = readFileSync(logFile).subarray(from_bytes).toString("utf8").trim();
    return said === "" ? "" : `. Its last words, from ${logFile}:\n${said.split("\n").slice(-5).join("\n")}`;
  } catch {
    // The folder was taken away under it, which its end is then the least of.
    return "";
  }
}

function owner() {
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
