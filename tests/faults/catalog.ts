/** Every fault by the name that `--only` takes, and what it needs to stand on. */
import { clusterCutMinority } from "./cluster-cut-minority.ts";
import { clusterFreezeMaster } from "./cluster-freeze-master.ts";
import { clusterKillMaster } from "./cluster-kill-master.ts";
import { clusterKillReplica } from "./cluster-kill-replica.ts";
import { clusterMoveSlots } from "./cluster-move-slots.ts";
import { cutNetwork } from "./cut-network.ts";
import { dropReplies, REPLIES_A_ROUND } from "./drop-replies.ts";
import { fillDisk } from "./fill-disk.ts";
import { fillMemory } from "./fill-memory.ts";
import { freeze, freezeRedis } from "./freeze.ts";
import { KILLS_A_ROUND, killAny } from "./kill-any.ts";
import { killApi } from "./kill-api.ts";
import { killRealtime } from "./kill-realtime.ts";
import { killRedis } from "./kill-redis.ts";
import { killWorker, TALLIED_AFTER } from "./kill-worker.ts";
import { onceHeld } from "./once-held.ts";
import { oneWayNetwork } from "./one-way-network.ts";
import { ALL_CURRENT_AFTER, loseRealtime, reconnectStorm } from "./reconnect-storm.ts";
import { redisAway } from "./redis-away.ts";
import { EVERY_PAGE_AFTER } from "./rig/every-page-votes.ts";
import type { Limits } from "./rig/limits.ts";
import type { Fault } from "./rig/round.ts";
import { skewClock } from "./skew-clock.ts";
import { slowNetwork } from "./slow-network.ts";
import { MEMORY, slowViewers, TO_READERS } from "./slow-viewers.ts";
import { cutAof, tearAof } from "./tear-aof.ts";

/** - `plain`: two APIs, two workers, two realtimes. - `networks`: reaching Redis through networks that break. - `clocks`: the
 * APIs' clocks are ten minutes apart. - `disk`: Redis keeps its data on a small disk of its own. - `cluster`: the data is on
 * three masters with a replica each, on hosts of their own, and a vote is accepted once a replica has it. - `limits`: as in production
 * readers have addresses, votes are held and put off; two of each service, reaching Redis through networks that break. */
export type Ground = "plain" | "networks" | "clocks" | "disk" | "cluster" | "limits";

export interface CatalogEntry {
  readonly fault: Fault;
  readonly ground: Ground;
  /** How often the fault strikes in one round; default 1. */
  readonly strikes?: number;
  /** Votes that are asked for; `--rate` says otherwise. */
  readonly votesASecond?: number;
  /** Besides that nothing may be found. */
  readonly limits?: Limits;
}

/** V12. */
const TALLIED: Limits = { measured: { [TALLIED_AFTER]: 10 } };
const AWAY: Limits = { refusal_ms: 2_000, recovered_ms: 2_000 };
const RECOVERS: Limits = { recovered_ms: 2_000 };
const STORM: Limits = { measured: { [ALL_CURRENT_AFTER]: 5, "vote p99 meanwhile to before": 3 } };
/** A hundred kilobytes for each, and nobody else is worse off. */
const DEAF: Limits = {
  measured: {
    [MEMORY]: 100,
    [TO_READERS]: 3,
    "push lag p99 meanwhile": 1_000,
  },
};
/** Of the Cluster, after it lost a master. */
const SUCCEEDED: Limits = { measured: { [EVERY_PAGE_AFTER]: 15 } };

export const FAULTS: Readonly<Record<string, CatalogEntry>> = {
  "kill-worker": { fault: killWorker, ground: "plain", limits: TALLIED },
  "kill-api": { fault: killApi, ground: "plain" },
  "kill-realtime": { fault: killRealtime, ground: "plain" },
  "kill-redis": { fault: killRedis, ground: "plain" },
  "kill-any": {
    fault: killAny,
    ground: "plain",
    strikes: KILLS_A_ROUND,
    limits: { strikes: 500, askedASecond: 500 },
  },
  "redis-away-10": { fault: redisAway(10), ground: "plain", limits: AWAY },
  "redis-away-60": { fault: redisAway(60), ground: "plain", limits: AWAY },
  "freeze-redis": { fault: freezeRedis, ground: "plain", limits: AWAY },
  "freeze-api": { fault: freeze("api"), ground: "plain" },
  "freeze-worker": { fault: freeze("worker"), ground: "plain" },
  "freeze-realtime": { fault: freeze("realtime"), ground: "plain" },
  "fill-memory-5": { fault: fillMemory(5), ground: "plain", limits: RECOVERS },
  // Longer than BullMQ goes on trying a job that counts its tries.
  "fill-memory-45": { fault: fillMemory(45), ground: "plain", limits: RECOVERS },
  "fill-disk": { fault: fillDisk, ground: "disk", limits: RECOVERS },
  "tear-aof": { fault: tearAof, ground: "plain" },
  "cut-aof": { fault: cutAof, ground: "plain" },
  "skew-clock": { fault: skewClock, ground: "clocks" },
  "slow-viewers": { fault: slowViewers, ground: "plain", limits: DEAF },
  "reconnect-storm-1000": { fault: reconnectStorm(1_000), ground: "plain", limits: STORM },
  // The service, ten thousand viewers and those who vote share the machine: each vote takes as much of it as two or three viewers.
  "reconnect-storm-10000": {
    fault: reconnectStorm(10_000),
    ground: "plain",
    votesASecond: 100,
    limits: STORM,
  },
  "lose-realtime-1000": { fault: loseRealtime(1_000), ground: "plain", limits: STORM },
  "lose-realtime-10000": { fault: loseRealtime(10_000), ground: "plain", votesASecond: 100, limits: STORM },
  "cut-network-api": { fault: cutNetwork("api"), ground: "networks", limits: AWAY },
  "cut-network-worker": { fault: cutNetwork("worker"), ground: "networks" },
  "cut-network-realtime": { fault: cutNetwork("realtime"), ground: "networks" },
  "one-way-api-up": { fault: oneWayNetwork("api", "up"), ground: "networks", limits: AWAY },
  "one-way-api-down": { fault: oneWayNetwork("api", "down"), ground: "networks", limits: AWAY },
  "one-way-worker-up": { fault: oneWayNetwork("worker", "up"), ground: "networks" },
  "one-way-worker-down": { fault: oneWayNetwork("worker", "down"), ground: "networks" },
  "one-way-realtime-up": { fault: oneWayNetwork("realtime", "up"), ground: "networks" },
  "one-way-realtime-down": { fault: oneWayNetwork("realtime", "down"), ground: "networks" },
  "slow-network": { fault: slowNetwork, ground: "networks" },
  "cluster-kill-master": {
    fault: clusterKillMaster,
    ground: "cluster",
    limits: { strikes: 20, ...SUCCEEDED },
  },
  "cluster-kill-replica": { fault: clusterKillReplica, ground: "cluster" },
  "cluster-cut-minority": { fault: clusterCutMinority, ground: "cluster" },
  "cluster-freeze-master": { fault: clusterFreezeMaster, ground: "cluster" },
  "cluster-move-slots": { fault: clusterMoveSlots, ground: "cluster" },
  "drop-replies": {
    fault: dropReplies,
    ground: "networks",
    strikes: REPLIES_A_ROUND,
    limits: { strikes: 200 },
  },
  "kill-any-limits": { fault: onceHeld(killAny), ground: "limits", strikes: KILLS_A_ROUND },
  "drop-replies-limits": { fault: onceHeld(dropReplies), ground: "limits", strikes: REPLIES_A_ROUND },
};

/** What the gate runs once. */
export const SHORT: readonly string[] = ["kill-worker", "kill-any", "redis-away-10"];
