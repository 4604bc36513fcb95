/** How long another viewer waits for a vote that was acknowledged, while others vote at a pace. */
import { measureWaits } from "../latency.ts";
import { quantile } from "../rows.ts";
import type { Measured, Table } from "./results.ts";
import { inTurns, tableOf, titled } from "./rounds.ts";
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
      const waits = await measureWaits(service, load);
      const { waits_ms, waitsFromSending_ms, messagesASecond, votesASecond: reached } = waits;
      return {
        "sent to seen, p50, ms": quantile(waitsFromSending_ms, 0.5),
        "sent to seen, p99, ms": quantile(waitsFromSending_ms, 0.99),
        "answered to seen, p50, ms": quantile(waits_ms, 0.5),
        "answered to seen, p99, ms": quantile(waits_ms, 0.99),
        "messages a viewer and second": messagesASecond,
        "votes/s": reached,
      };
    });
    tables.push(titled(`${votesASecond.toLocaleString("en")} votes/s asked`, tableOf(figures)));
  }
  return {
    title: "From a vote to another viewer",
    text: `${VIEWERS} viewers watch the page that is voted on; ${probes} votes are followed, from their sending and from their acknowledgement to each viewer's message that holds them. A way that tells viewers before it answers the voter has zeros in the latter columns. The rest come at a pace, from one Node process on core 1, as the viewers' is; the last column says how many it managed. A way that tells at most ten times a second makes a vote wait up to 100 ms by design. Waline tells viewers nothing.`,
    tables,
  };
}
