/** What the nodes of a Redis Cluster say of it (CLUSTER NODES, https://redis.io/docs/latest/commands/cluster-nodes/). */

/** One master, as the cluster sees it at this moment. */
export interface ClusterMaster {
  readonly port: number;
  readonly id: string;
  readonly slots: number;
  /** The lowest slot that it serves: `moveSlots` begins there. */
  readonly firstSlot: number;
}

/** Rows of CLUSTER NODES: id, address, flags, master, ping, pong, epoch, link, slots …, sorted so that views compare. */
export function mastersIn(rows: string): readonly ClusterMaster[] {
  return rows
    .split("\n")
    .map((row) => row.trim().split(" "))
    .filter(([, , flags = ""]) => flags.includes("master") && !/fail|noaddr|handshake/.test(flags))
    .map(([id = "", address = "", , , , , , , ...ranges]) => ({
      id,
      port: portOf(address),
      slots: ranges.reduce((sum, range) => sum + widthOf(range), 0),
      firstSlot: Math.min(...ranges.map((range) => boundsOf(range)?.[0] ?? 16_384)),
    }))
    .sort((a, b) => a.port - b.port);
}

/** Port of the master that serves a slot; undefined: nobody does. */
export function ownerOf(rows: string, slot: number): number | undefined {
  for (const row of rows.split("\n")) {
    const [, address = "", flags = "", , , , , , ...ranges] = row.trim().split(" ");
    if (!flags.includes("master")) continue;
    if (ranges.some((range) => holds(range, slot))) return portOf(address);
  }
  return undefined;
}

/** The port in `host:port@busport`. */
function portOf(address: string): number {
  return Number(/:(\d+)@/.exec(address)?.[1]);
}

/** `5`, `5-9`; in brackets while a slot moves. */
function boundsOf(range: string): readonly [number, number] | undefined {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
  return first === undefined ? undefined : [Number(first), Number(last ?? first)];
}

function widthOf(range: string): number {
  const bounds = boundsOf(range);
  return bounds === undefined ? 0 : bounds[1] - bounds[0] + 1;
}

function holds(range: string, slot: number): boolean {
  const bounds = boundsOf(range);
  return bounds !== undefined && slot >= bounds[0] && slot <= bounds[1];
}
