/** A real Redis Cluster for a test, which it may kill, freeze and move slots in: processes on loopback, made by redis-cli. */
import type { ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterMaster, mastersIn, ownerOf } from "./cluster-view.ts";
import { cutHosts } from "./cut-hosts.ts";
import { until } from "./reader.ts";
import {
  freePorts,
  killed,
  LOOPBACK,
  lives,
  PLAIN,
  type RedisAccess,
  redisCli,
  startServer,
} from "./redis-child.ts";

const MASTERS = 3;
const NODES = MASTERS * 2;

/** A node that is silent for so long is taken for dead; its replica takes over a second or two later. */
const NODE_TIMEOUT_MS = 2_000;

const AGREED_MS_MAX = 30_000;
const STARTS = 3;

/** A slot that is being moved: both masters serve what they have of it. */
export interface SlotMove {
  migrate(keys: readonly string[]): Promise<void>;
  /** Moves what is left, and gives the slot to its new master. */
  finish(): Promise<void>;
}

/** A cluster of three masters, each with one replica. The settings are those of `npm start`. */
export interface TestCluster {
  /** For `REDIS_CLUSTER`: every node, as `host:port,host:port,…`. */
  readonly nodes: string;
  /** The living masters; the port is a node's name. */
  masters(): Promise<readonly ClusterMaster[]>;
  /** Port of the master that a key lives on. */
  masterOf(key: string): Promise<number>;
  /** Ends a node as a crash would. It stays away until `restart`. */
  kill(port: number): Promise<void>;
  /** Starts a node anew with the same data; it joins the others by itself. */
  restart(port: number): Promise<void>;
  /** Freezes a node: connections stay open, nothing is answered. */
  pause(port: number): void;
  resume(port: number): void;
  /**
   * Cuts these nodes off from the others, both ways and without a word to either; clients reach all of them as before. Only in a
   * Cluster whose nodes live apart; takes root. Resolves to what joins them again.
   */
  cutOff(ports: readonly number[]): Promise<() => Promise<void>>;
  /** Moves the lowest slots of one master to another, keys and all, while clients go on. */
  moveSlots(count: number, from: number, to: number): Promise<void>;
  /** Begins to move the slot of a key by hand, so that a test can stand still in the middle of it. */
  beginMove(key: string, from: number, to: number): Promise<SlotMove>;
  /** Resolves when every living node says that all slots are served and all agree on who serves them. */
  settled(): Promise<void>;
  /** The living nodes that are no masters. */
  replicas(): Promise<readonly number[]>;
  /** Resolves when, besides, every master has its replica and every replica is in step. */
  replicated(): Promise<void>;
  /** Runs one command on one node with redis-cli; what it said. */
  ask(port: number, ...command: readonly string[]): Promise<string>;
  /** Ends all and takes their data away; safe to call twice, in any state. */
  stop(): Promise<void>;
}

export interface ClusterPlan {
  readonly access?: RedisAccess;
  /** Each node on a loopback address of its own, so that some can be cut off from others. Where all of 127/8 is loopback: Linux. */
  readonly apart?: boolean;
}

interface ClusterNode {
  readonly host: string;
  readonly port: number;
  readonly busPort: number;
  child: ChildProcess;
}

/** Starts one; the caller stops it. Takes a few seconds. */
export async function startTestCluster(plan: ClusterPlan = {}): Promise<TestCluster> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryToStart(plan);
    } catch (error) {
      // Somebody took a port between its finding and its use.
      if (tries === STARTS) throw error;
    }
  }
}

async function tryToStart({ access = PLAIN, apart = false }: ClusterPlan): Promise<TestCluster> {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-cluster-"));
  const ports = await freePorts(NODES * 2);
  const hostOf = apart ? hostsApart() : () => LOOPBACK;
  const nodes: ClusterNode[] = [];
  const cluster = clusterOf(access, folder, nodes);
  try {
    for (const [index, port] of ports.slice(0, NODES).entries()) {
      const busPort = ports[NODES + index] ?? 0;
      const place = { host: hostOf(index), port, busPort };
      nodes.push({ ...place, child: await startNode(access, folder, place) });
    }
    await Promise.all(
      nodes.map(({ port }) => agreed(async () => (await cluster.ask(port, "PING")) === "PONG")),
    );
    const addresses = nodes.map(({ host, port, busPort }) => `${host}:${port}@${busPort}`);
    await manage(access, "create", ...addresses, "--cluster-replicas", "1", "--cluster-yes");
    await cluster.replicated();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function clusterOf(access: RedisAccess, folder: string, nodes: readonly ClusterNode[]): TestCluster {
  let stopped: Promise<void> | undefined;
  const ask = async (port: number, ...command: readonly string[]): Promise<string> =>
    (await redisCli(access, "-h", named(port).host, "-p", String(port), ...command)).output;
  const said = async (expected: string, port: number, ...command: readonly string[]): Promise<void> => {
    const answer = await ask(port, ...command);
    if (answer !== expected) throw new Error(`${command.slice(0, 2).join(" ")}: ${answer}`);
  };
  const named = (port: number): ClusterNode => {
    const node = nodes.find((one) => one.port === port);
    if (node === undefined) throw new RangeError(`no node listens on ${port}`);
    return node;
  };
  const living = () => nodes.filter(({ child }) => lives(child));
  const anyOne = (): number => {
    const [node] = living();
    if (node === undefined) throw new Error("no node lives");
    return node.port;
  };
  const masters = async () => mastersIn(await ask(anyOne(), "CLUSTER", "NODES"));
  const settled = () =>
    agreed(async () => {
      const states = await Promise.all(
        living().map(async ({ port }) => ({
          ok: (await ask(port, "CLUSTER", "INFO")).includes("cluster_state:ok"),
          view: JSON.stringify(mastersIn(await ask(port, "CLUSTER", "NODES"))),
        })),
      );
      const all = await masters();
      const slots = all.reduce((sum, master) => sum + master.slots, 0);
      // A node that was just killed counts as a master until the others have noticed.
      const alive = all.every(({ port }) => living().includes(named(port)));
      return alive && slots === 16_384 && states.every(({ ok, view }) => ok && view === states[0]?.view);
    });
  return {
    get nodes() {
      return nodes.map(({ host, port }) => `${host}:${port}`).join(",");
    },
    masters,
    settled,
    replicas: async () => {
      const leading = (await masters()).map(({ port }) => port);
      return living()
        .map(({ port }) => port)
        .filter((port) => !leading.includes(port));
    },
    replicated: async () => {
      await settled();
      await agreed(async () => {
        const roles = await Promise.all(nodes.map(({ port }) => ask(port, "INFO", "replication")));
        return roles.every((role) => /connected_slaves:1|master_link_status:up/.test(role));
      });
    },
    ask,
    masterOf: async (key) => {
      const slot = Number(await ask(anyOne(), "CLUSTER", "KEYSLOT", key));
      const owner = ownerOf(await ask(anyOne(), "CLUSTER", "NODES"), slot);
      if (owner === undefined) throw new Error(`nobody serves slot ${slot}`);
      return owner;
    },
    kill: (port) => killed(named(port).child),
    restart: async (port) => {
      const node = named(port);
      await killed(node.child);
      node.child = await startNode(access, folder, node);
      await agreed(async () => (await ask(port, "PING")) === "PONG");
    },
    pause: (port) => void named(port).child.kill("SIGSTOP"),
    resume: (port) => void named(port).child.kill("SIGCONT"),
    cutOff: (ports) => {
      const [some, others] = [true, false].map((side) =>
        nodes.filter(({ port }) => ports.includes(port) === side).map(({ host }) => host),
      );
      return cutHosts(some ?? [], others ?? []);
    },
    moveSlots: async (count, from, to) => {
      const all = await masters();
      const id = (port: number) => all.find((master) => master.port === port)?.id ?? "";
      const wish = ["--cluster-from", id(from), "--cluster-to", id(to), "--cluster-slots", String(count)];
      await manage(access, "reshard", `${named(from).host}:${from}`, ...wish, "--cluster-yes");
    },
    beginMove: async (key, from, to) => {
      const all = await masters();
      const id = (port: number) => all.find((master) => master.port === port)?.id ?? "";
      const slot = await ask(from, "CLUSTER", "KEYSLOT", key);
      await said("OK", to, "CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
      await said("OK", from, "CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
      const migrate = async (keys: readonly string[]): Promise<void> =>
        said("OK", from, "MIGRATE", named(to).host, String(to), "", "0", "5000", "KEYS", ...keys);
      return {
        migrate,
        finish: async () => {
          const left = (await ask(from, "CLUSTER", "GETKEYSINSLOT", slot, "100000")).split("\n");
          await migrate(left.filter((name) => name !== ""));
          for (const port of [to, from]) await said("OK", port, "CLUSTER", "SETSLOT", slot, "NODE", id(to));
        },
      };
    },
    stop: () => {
      stopped ??= (async () => {
        await Promise.all(nodes.map(({ child }) => killed(child)));
        rmSync(folder, { recursive: true, force: true });
      })();
      return stopped;
    },
  };
}

/** An address for each node that no other Cluster has, most likely: who cuts off one must not meet another. */
function hostsApart(): (index: number) => string {
  const net = `127.${randomInt(1, 255)}.${randomInt(256)}`;
  return (index) => `${net}.${index + 1}`;
}

function startNode(
  access: RedisAccess,
  folder: string,
  { host, port, busPort }: Omit<ClusterNode, "child">,
): Promise<ChildProcess> {
  const settings = [
    ...["--cluster-enabled", "yes", "--cluster-config-file", `nodes-${port}.conf`],
    ...["--cluster-port", String(busPort), "--cluster-node-timeout", String(NODE_TIMEOUT_MS)],
    // Two masters go on while the third one's replica takes over.
    ...["--cluster-require-full-coverage", "no"],
    ...(access.tls === undefined ? [] : ["--tls-cluster", "yes"]),
    // The others know a node by where its connections come from.
    ...["--bind-source-addr", host],
    // It takes whoever comes from elsewhere in 127/8 for a stranger.
    ...(host === LOOPBACK ? [] : ["--protected-mode", "no"]),
  ];
  return startServer(folder, port, access, settings, host);
}

async function manage(access: RedisAccess, ...args: readonly string[]): Promise<void> {
  const { ok, output } = await redisCli(access, "--cluster", ...args);
  if (!ok) throw new Error(`redis-cli --cluster ${args.join(" ")}: ${output.slice(-2_000)}`);
}

function agreed(check: () => Promise<boolean>): Promise<void> {
  return until("the cluster to settle", check, AGREED_MS_MAX);
}
