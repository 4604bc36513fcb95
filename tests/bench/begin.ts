/** Starts the processes that a benchmark compares, pinned to a core each where the system allows. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onFreePort } from "../../services/standalone/free-port.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whether processes can be pinned: Linux with util-linux and two cores. */
export const canPin =
  spawnSync("taskset", ["-c", "1", "true"]).status === 0 &&
  spawnSync("taskset", ["-c", "0", "true"]).status === 0;

/** A process begun for a benchmark. */
export interface Begun {
  /** What it said in its first line, or where it listens. */
  readonly said: string;
  /** Of the process: taskset becomes what it starts. */
  readonly pid: number;
  /** From its start to its first good answer; of servers only. */
  readonly ready_ms?: number;
  end(): Promise<void>;
}

/** Starts a TypeScript file of this folder; resolves to its first line on standard output. */
export function beginScript(
  file: string,
  core: number | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<Begun> {
  return beginSaying(["--import", "tsx", `tests/bench/${file}`], core, env);
}

/** Starts Node; resolves to its first line on standard output. */
export async function beginSaying(
  args: readonly string[],
  core: number | undefined,
  env: Readonly<Record<string, string>>,
): Promise<Begun> {
  const child = start(args, core, env);
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
    child.once("exit", (code) => reject(new Error(`${args.at(-1)} ended with ${code}`)));
  });
  return { said, pid: child.pid ?? 0, end: () => end(child) };
}

/** Starts one of the compiled services on a free port, with options of Node; resolves when it is ready. */
export function beginService(
  name: "api" | "worker" | "realtime",
  core: number | undefined,
  env: Readonly<Record<string, string>>,
  nodeOptions: readonly string[] = [],
): Promise<Begun> {
  const args = [...nodeOptions, `dist/services/${name}/main.js`];
  return beginServer(args, core, { ...SERVICE, ...env }, "/readyz");
}

/** What a compiled service needs for a benchmark. */
export const SERVICE = { SECRET: "a secret for benchmarks only", LOG_LEVEL: "warn", LIMITS: "off" };

/**
 * Starts Node with a free port as `PORT` and as its last argument.
 * @param probe path that it answers well as soon as it serves
 */
export function beginServer(
  args: readonly string[],
  core: number | undefined,
  env: Readonly<Record<string, string>>,
  probe: string,
): Promise<Begun> {
  return onFreePort(async (port) => {
    const began_ms = performance.now();
    const child = start([...args, String(port)], core, { PORT: String(port), ...env });
    // What it says is nobody's business here, but a full pipe would stop it.
    child.stdout?.resume();
    const said = `http://127.0.0.1:${port}`;
    while (child.exitCode === null && !(await isReady(said + probe))) await pause(5);
    if (child.exitCode !== null) throw new Error(`${args[0]} ended with ${child.exitCode}`);
    return { said, pid: child.pid ?? 0, ready_ms: performance.now() - began_ms, end: () => end(child) };
  });
}

/** Pins a process that runs already, with all its threads; what it starts later inherits that. */
export function pin(pid: number, ...cores: readonly number[]): void {
  if (canPin) spawnSync("taskset", ["-a", "-p", "-c", cores.join(","), String(pid)]);
}

/** A command's standard output, the command pinned to a core. */
export async function outputOf(
  core: number | undefined,
  command: string,
  args: readonly string[],
): Promise<string> {
  const [program, ...rest] = pinned(core, command, args);
  const child = spawn(program, rest, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return Buffer.concat(chunks).toString("utf8");
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

function start(
  args: readonly string[],
  core: number | undefined,
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const [program, ...rest] = pinned(core, process.execPath, args);
  return spawn(program, rest, {
    cwd: root,
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** A command and its arguments, to run on a core. */
export function pinned(
  core: number | undefined,
  command: string,
  args: readonly string[],
): [string, ...string[]] {
  return core !== undefined && canPin
    ? ["taskset", "-c", String(core), command, ...args]
    : [command, ...args];
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
