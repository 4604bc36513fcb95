/** A master with two replicas and three Sentinels that watch them: processes on loopback, which a test may kill and freeze. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./reader.ts";
import {
  freePorts,
  killed,
  PLAIN,
  type RedisAccess,
  redisCli,
  startProgram,
  startServer,
  tlsSettings,
} from "./redis-child.ts";

const SERVERS = 3;
const SENTINELS = 3;

/** A master that is silent for so long is taken for dead. */
const DOWN_AFTER_MS = 2_000;
const SETTLED_MS_MAX = 60_000;

/** The name under which the Sentinels know the master. */
export const MASTER = "main";

export interface TestSentinels {
  /** For `REDIS_URL`, without the password. */
  readonly url: string;
  /** Port of whom the Sentinels name as the master. */
  master(): Promise<number>;
  /** Ends a server as a crash would. It stays away until `restart`. */
  kill(port: number): Promise<void>;
  restart(port: number): Promise<void>;
  /** Freezes a server: connections stay open, nothing is answered. */
  pause(port: number): void;
  resume(port: number): void;
  /** Ends one of the Sentinels, for good. */
  killSentinel(): Promise<void>;
  /** Resolves when the master has so many replicas that follow it. */
  settled(replicas?: number): Promise<void>;
  /** Ends all and takes their data away. */
  stop(): Promise<void>;
}

/** Starts them; the caller stops them. */
export async function startTestSentinels(access: RedisAccess = PLAIN): Promise<TestSentinels> {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-sentinels-"));
  const ports = await freePorts(SERVERS + SENTINELS);
  const [first = 0] = ports;
  const sentinelPorts = ports.slice(SERVERS);
  const servers = new Map<number, ChildProcess>();
  const sentinels: ChildProcess[] = [];
  const ask = async (port: number, ...command: readonly string[]): Promise<string> =>
    (await redisCli(access, "-p", String(port), ...command)).output;
  const start = async (port: number, more: readonly string[] = []): Promise<void> => {
    servers.set(port, await startServer(folder, port, access, more));
    await until("a server", async () => (await ask(port, "PING")) === "PONG");
  };
  const serverOn = (port: number): ChildProcess => {
    const server = servers.get(port);
    if (server === undefined) throw new RangeError(`no server listens on ${port}`);
    return server;
  };
  const master = async (): Promise<number> =>
    Number(
      (await ask(sentinelPorts.at(-1) ?? 0, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER)).split("\n")[1],
    );
  const settled = (replicas = SERVERS - 1): Promise<void> =>
    until(
      `${replicas} replicas of the master`,
      async () => {
        const state = await ask(await master(), "INFO", "replication");
        return state.includes("role:master") && (state.match(/state=online/g) ?? []).length >= replicas;
      },
      SETTLED_MS_MAX,
    );
  const all: TestSentinels = {
    url: `redis${access.tls === undefined ? "" : "s"}+sentinel://${sentinelPorts.map((port) => `127.0.0.1:${port}`).join(",")}/${MASTER}`,
    master,
    settled,
    kill: (port) => killed(serverOn(port)),
    restart: async (port) => {
      await killed(serverOn(port));
      await start(port);
    },
    pause: (port) => void serverOn(port).kill("SIGSTOP"),
    resume: (port) => void serverOn(port).kill("SIGCONT"),
    killSentinel: async () => {
      const sentinel = sentinels.shift();
      if (sentinel !== undefined) await killed(sentinel);
    },
    stop: async () => {
      await Promise.all([...servers.values(), ...sentinels].map(killed));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await start(first);
    for (const port of ports.slice(1, SERVERS))
      await start(port, ["--replicaof", "127.0.0.1", String(first)]);
    for (const port of sentinelPorts) {
      const file = join(folder, `sentinel-${port}.conf`);
      writeFileSync(file, sentinelSettings(folder, port, first, access));
      sentinels.push(await startProgram([file, "--sentinel"]));
    }
    await until(
      "the Sentinels to know each other",
      async () => {
        const views = await Promise.all(sentinelPorts.map((port) => ask(port, "SENTINEL", "MASTER", MASTER)));
        return views.every((view) => /num-other-sentinels\n2\b/.test(view) && /num-slaves\n2\b/.test(view));
      },
      SETTLED_MS_MAX,
    );
    await settled();
    return all;
  } catch (error) {
    await all.stop();
    throw error;
  }
}

/** A Sentinel keeps what it learns in the file of its settings. */
function sentinelSettings(folder: string, port: number, master: number, access: RedisAccess): string {
  const { tls, password } = access;
  return [
    ...(tls === undefined
      ? [`port ${port}`]
      : ["port 0", ...tlsSettings(port, tls).map(([name, value]) => `${name} ${value}`)]),
    "bind 127.0.0.1",
    `dir ${folder}`,
    `logfile ${join(folder, `sentinel-${port}.log`)}`,
    `sentinel monitor ${MASTER} 127.0.0.1 ${master} 2`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${MASTER} 6000`,
    ...(password === undefined ? [] : [`sentinel auth-pass ${MASTER} ${password}`]),
    "",
  ].join("\n");
}
