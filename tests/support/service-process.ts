/** A compiled service (`npm run build`) as a process of its own, which a test may kill, freeze and start again. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { isObject } from "../../shared/contract/object.ts";

export type ServiceName = "api" | "worker" | "realtime";

/** Last lines of a service's log that are kept for a failure's message. */
const LINES_KEPT = 30;

/** A port that somebody took meanwhile is waited for. */
const STARTS_MAX = 40;
const START_PAUSE_MS = 500;

/** Children that must not outlive the tests; a frozen one would not take a polite signal. */
const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

export class ServiceProcess {
  readonly name: ServiceName;
  readonly port: number;
  readonly #env: Readonly<Record<string, string>>;
  readonly #lines: string[] = [];
  /** Those that were ended from here. */
  readonly #killed = new WeakSet<ChildProcess>();
  #crashes: string[] = [];
  #child: ChildProcess | undefined;

  private constructor(name: ServiceName, port: number, env: Readonly<Record<string, string>>) {
    this.name = name;
    this.port = port;
    this.#env = env;
  }

  /** Starts a service on a free port; resolves when it listens. */
  static async begin(name: ServiceName, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    return await onFreePort(async (port) => {
      const service = new ServiceProcess(name, port, env);
      await service.#begin();
      return service;
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error(`this ${this.name} does not run`);
    return pid;
  }

  /** What it said last, for the message of a failure. */
  get lastWords(): string {
    return this.#lines.join("\n");
  }

  /**
   * How it ended by itself since this was asked last, with its last words: a sentence each time. Not when it was killed from here, nor
   * when it never listened, which whoever starts it hears of.
   */
  takeCrashes(): readonly string[] {
    const crashes = this.#crashes;
    this.#crashes = [];
    return crashes;
  }

  /** Starts it on its port again, after a kill; resolves when it listens. */
  async start(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await this.#begin();
        return;
      } catch (error) {
        // Other tests on this machine draw ports from the same range, and let go of them again.
        if (tries === STARTS_MAX || !this.lastWords.includes("Something else listens")) throw error;
        await pause(START_PAUSE_MS);
      }
    }
  }

  async #begin(): Promise<void> {
    const main = fileURLToPath(new URL(`../../dist/services/${this.name}/main.js`, import.meta.url));
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env.PATH, LOG_LEVEL: "info", ...this.#env, PORT: String(this.port) },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    living.add(child);
    child.once("exit", () => living.delete(child));
    const lines = createInterface(child.stderr);
    let listens = false;
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (line) => {
        this.#lines.push(line);
        if (this.#lines.length > LINES_KEPT) this.#lines.shift();
        if (!saysAddress(line)) return;
        listens = true;
        resolve();
      });
      // Not "exit": the last words come before "close".
      child.once("close", (code, signal) => {
        const how = `the ${this.name} ended with ${signal ?? code}:\n${this.lastWords}`;
        if (!listens) reject(new Error(how));
        // Whoever was about to kill it may have come too late.
        else if (!this.#killed.has(child) || signal !== "SIGKILL") this.#crashes.push(how);
      });
    });
  }

  /** Ends it as a crash would; resolves when it has ended. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    this.#killed.add(child);
    child.kill("SIGKILL");
    await ended;
  }

  /** Stops it in the middle of whatever it does: its connections stay open, nothing is answered. */
  freeze(): void {
    process.kill(this.pid, "SIGSTOP");
  }

  thaw(): void {
    process.kill(this.pid, "SIGCONT");
  }
}

function saysAddress(line: string): boolean {
  try {
    const said: unknown = JSON.parse(line);
    return isObject(said) && typeof said.address === "string";
  } catch {
    return false;
  }
}
