/** A `redis-server` as a child process with whatever arguments a test wants, and redis-cli to speak with it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { endWithUs } from "../../services/standalone/end-with-us.ts";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { redisArguments } from "../../services/standalone/redis-arguments.ts";
import { runCommand } from "../../services/standalone/run-command.ts";
import { findServer } from "./find-server.ts";
import type { Certificates } from "./test-certificates.ts";

const COMMAND_MS_MAX = 60_000;

/** How clients get in: over TLS when there are certificates, and with the password that there may be. */
export interface RedisAccess {
  readonly tls?: Certificates | undefined;
  readonly password?: string | undefined;
}

export const LOOPBACK = "127.0.0.1";

/** No TLS and no password. */
export const PLAIN: RedisAccess = {};

/** Starts one with the settings of `npm start`, and `more` behind them; the caller kills it. */
export async function startServer(
  folder: string,
  port: number,
  { tls, password }: RedisAccess,
  more: readonly string[],
  host = LOOPBACK,
): Promise<ChildProcess> {
  const args = [
    ...redisArguments({ bind: host, port: tls === undefined ? port : 0, dir: folder }),
    // Several servers share the folder.
    ...["--appenddirname", `aof-${port}`, "--dbfilename", `dump-${port}.rdb`],
    ...["--logfile", join(folder, `node-${port}.log`), "--loglevel", "notice"],
    ...["--repl-diskless-sync-delay", "0"],
    ...(tls === undefined ? [] : tlsSettings(port, tls).flatMap(([name, value]) => [`--${name}`, value])),
    ...(password === undefined ? [] : ["--requirepass", password, "--masterauth", password]),
    ...more,
  ];
  return await startProgram(args);
}

/** The settings of a server that listens on this port over TLS, as in redis.conf. Clients need no certificate. */
export function tlsSettings(port: number, tls: Certificates): readonly (readonly [string, string])[] {
  return [
    ["tls-port", String(port)],
    ["tls-cert-file", tls.server.certFile],
    ["tls-key-file", tls.server.keyFile],
    ["tls-ca-cert-file", tls.caFile],
    ["tls-auth-clients", "optional"],
    ["tls-replication", "yes"],
  ];
}

/** Starts redis-server with nothing but these arguments. */
export async function startProgram(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn((await findServer()).path, [...args], { detached: true, stdio: "ignore" });
  child.once("exit", endWithUs(child));
  return child;
}

/** Ends it as a crash would; safe to call twice. */
export async function killed(child: ChildProcess): Promise<void> {
  if (!lives(child)) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

export function lives(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Runs redis-cli; whether it went well, and what it said. */
export function redisCli({ tls, password }: RedisAccess, ...args: readonly string[]) {
  const server = process.env.REDIS_SERVER_BIN;
  // Beside the server that REDIS_SERVER_BIN names, or on the PATH.
  const program = server ? join(dirname(server), "redis-cli") : "redis-cli";
  return runCommand(program, [...(tls === undefined ? [] : ["--tls", "--cacert", tls.caFile]), ...args], {
    ms_max: COMMAND_MS_MAX,
    env: password === undefined ? {} : { REDISCLI_AUTH: password },
  });
}

/** Different ports of 127.0.0.1 on which nobody listened a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await onFreePort(async (port) => port));
  return [...ports];
}
