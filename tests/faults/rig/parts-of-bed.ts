/** What a fault needs of its bed; each is there only on the ground that has it. */
import type { RedisProcess } from "../../support/redis-process.ts";
import type { ServiceName, ServiceProcess } from "../../support/service-process.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import type { FaultScene } from "./round.ts";
import type { Networks } from "./test-bed.ts";

export function redisOf({ bed: { redis } }: FaultScene): RedisProcess {
  if (redis === undefined) throw new Error("this fault needs one Redis");
  return redis;
}

export function clusterOf({ bed: { cluster } }: FaultScene): TestCluster {
  if (cluster === undefined) throw new Error("this fault needs a Cluster");
  return cluster;
}

export function networksOf({ bed: { networks } }: FaultScene): Networks {
  if (networks === undefined) throw new Error("this fault needs networks");
  return networks;
}

export function servicesOf({ bed }: FaultScene, kind: ServiceName): readonly ServiceProcess[] {
  return { api: bed.apis, worker: bed.workers, realtime: bed.realtimes }[kind];
}

/** The target whose turn it is; `targets` is not empty. */
export function inTurn<Target>(turn: number, targets: readonly Target[]): Target {
  const target = targets[turn % targets.length];
  if (target === undefined) throw new RangeError("nothing to take turns");
  return target;
}
