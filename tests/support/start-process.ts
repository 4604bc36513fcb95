/** A service as a real process, as `npm run start:api` and its siblings start it; the build comes before the tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { TEST_SECRET } from "./vote-load.ts";

export type ServiceName = "api" | "worker" | "realtime";

export interface ServiceProcess {
  readonly name: ServiceName;
  readonly pid: number;
  /** Resolves to its address, as in `http://127.0.0.1:40123`, once it listens; rejects when it ends before. */
  readonly listens: Promise<string>;
  /** Everything it wrote so far, both streams. */
  readonly said: () => string;
  /** Resolves to its exit code, null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to stop with SIGTERM; resolves to its exit code and how long it took. */
  stop(): Promise<{ readonly code: number | null; readonly took_ms: number }>;
  /** Ends it by SIGKILL; safe at any time. */
  kill(): Promise<void>;
}

/** @param env settings; a free port, a secret and LIMITS=off unless they say otherwise */
export function startProcess(name: ServiceName, env: Readonly<Record<string, string>>): ServiceProcess {
  const main = fileURLToPath(new URL(`../../dist/services/${name}/main.js`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [main], {
    // Nothing of the tests' own environment but what a process needs.
    env: { PATH: process.env.PATH, PORT: "0", SECRET: TEST_SECRET, LIMITS: "off", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let found: (address: string) => void = () => {};
  const address = new Promise<string>((resolve) => {
    found = resolve;
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      said += bytes.toString();
      const listening = /"address":"(http:[^"]+)"/.exec(said)?.[1];
      if (listening !== undefined) found(listening);
    });
  }
  // Not "exit": the last words come before "close".
  const ended = once(child, "close").then(([code]: unknown[]) => (typeof code === "number" ? code : null));
  const early = ended.then((code): never => {
    throw new Error(`${name} ended with ${code}: ${said}`);
  });
  early.catch(() => {});
  const listens = Promise.race([address, early]);
  listens.catch(() => {});
  return {
    name,
    pid: child.pid ?? 0,
    listens,
    said: () => said,
    ended,
    stop: async () => {
      const began_ms = performance.now();
      child.kill("SIGTERM");
      return { code: await ended, took_ms: performance.now() - began_ms };
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
