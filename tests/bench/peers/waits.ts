/** How long another viewer waits for a vote that was acknowledged, while others vote at a pace. */
import { measureWaits } from "../latency.ts";
import { quantile } from "../rows.ts";
import type { Measured, Table } from "./results.ts";
import { inTurns, tableOf } from "./rounds.ts";
import type { Way } from "./ways.ts";

const VIEWERS = 10;

export async function measurePush(
  pushing: readonly Way[],
  paces: readonly number[],
  probes: number,
): Promise<Measured> {
  const tables: Table[] = [];
  for (const votesASecond of paces) {
    const figures = await inTurns(pushing, 1, [], async (running) => {
      const service = { address: running.address, viewersAt: running.viewersAt ?? "", end: async () => {} };
      const load = { viewers: VIEWERS, votesASecond, probes, probePause_ms: 130 };
      const { waits_ms, messagesASecond, votesASecond: reached } = await measureWaits(service, load);
      return {
        "p50, ms": quantile(waits_ms, 0.5),
        "p99, ms": quantile(waits_ms, 0.99),
        "messages a viewer and second": messagesASecond,
        "votes/s": reached,
      };
    });
    const [head = [], ...rows] = tableOf(figures);
    tables.push([[`${votesASecond.toLocaleString("en")} votes/s asked`, ...head.slice(1)], ...rows]);
  }
  return {
    title: "From a vote to another viewer",
    text: `${VIEWERS} viewers watch the page that is voted on; ${probes} votes are followed, from their acknowledgement to each viewer's message that holds them. The rest come at a pace, from one Node process on the same cores; the last column says how many it managed. A way that tells at most ten times a second makes a vote wait up to 100 ms by design. Waline tells viewers nothing.`,
    tables,
  };
}
