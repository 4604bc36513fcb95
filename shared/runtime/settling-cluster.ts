/**
 * ioredis's Cluster client without a promise that nobody keeps: when a node says that the Cluster is not whole, as during
 * a failover, ioredis starts over by itself and forgets whoever awaits `connect()` (redis/ioredis issue 709, pull request 741;
 * ioredis 6.0.0, Cluster: the listener that would reject is gone by then). BullMQ awaits it when it makes a worker's blocking
 * connection anew: that worker never fetched a job again, while Redis and the connection were well.
 */
import { Cluster, type ClusterNode } from "ioredis";

type Options = NonNullable<ConstructorParameters<typeof Cluster<"legacy">>[1]>;

export class SettlingCluster extends Cluster {
  readonly #nodes: ClusterNode[];

  constructor(nodes: ClusterNode[], options: Options) {
    super(nodes, options);
    this.#nodes = nodes;
  }

  /** @throws when this try fails; ioredis goes on trying as `clusterRetryStrategy` says */
  override connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const onClose = (): void => reject(new Error("the connection was closed before it was ready"));
      this.once("close", onClose);
      const done = (settle: () => void): void => {
        this.off("close", onClose);
        settle();
      };
      super.connect().then(
        () => done(resolve),
        (error: unknown) => done(() => reject(error)),
      );
    });
  }

  /** BullMQ copies a worker's connection for what blocks. */
  override duplicate(
    ...[nodes = [], options = {}]: Parameters<Cluster["duplicate"]>
  ): ReturnType<Cluster["duplicate"]> {
    return new SettlingCluster(nodes.length > 0 ? nodes : this.#nodes, {
      ...this.options,
      ...options,
      redisOptions: { ...this.options.redisOptions, ...options.redisOptions, replyMapping: "legacy" },
    });
  }
}
