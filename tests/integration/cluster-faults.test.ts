/** What a Cluster goes through while votes come in: masters die, slots move. Every 202 must be in the totals afterwards. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { shardPrefix } from "../../shared/votes/shards.ts";
import { countsOf, freshPage, until } from "../support/reader.ts";
import { clusterPlace } from "../support/redis-place.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { startTestCluster, type TestCluster } from "../support/test-cluster.ts";
import { startVoteLoad, type VoteLoad } from "../support/vote-load.ts";

const SLOW = { timeout: 180_000 };
const READERS = 6;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 120_000);
afterAll(() => cluster.stop());

/** So many pages that each master has some. */
function freshPages(): readonly string[] {
  return Array.from({ length: 12 }, (_, n) => freshPage(`${n}`));
}

async function underLoad(
  env: Readonly<Record<string, string>>,
  fault: (load: VoteLoad, service: TestService, pages: readonly string[]) => Promise<void>,
): Promise<void> {
  const service = await startService(clusterPlace(cluster.nodes), env);
  const pages = freshPages();
  try {
    const told = new Map<string, PageCounts>();
    const socket = await service.socket();
    socket.on("counts", (counts) => told.set(counts.page, counts));
    await socket.emitWithAck("watch", { pages });
    const load = startVoteLoad(() => service.url, pages, READERS);
    try {
      await load.more(2);
      await fault(load, service, pages);
    } finally {
      await load.stop();
    }
    console.log(
      `longest time without a 202: ${Math.round(load.gap_ms_max())} ms, ${load.refused()} refusals`,
    );
    expect(load.wrong).toEqual([]);
    for (const page of pages) {
      const promised = load.accepted.get(page);
      await until(
        `${promised} votes on ${page}`,
        async () => (await countsOf(service.url, page)).total === promised,
        60_000,
      );
      await until(`the viewer to know of ${promised}`, () => told.get(page)?.total === promised, 60_000);
    }
    await until("a green /readyz", async () => (await fetch(`${service.url}/readyz`)).ok, 60_000);
  } finally {
    await service.stop();
  }
}

describe("a Cluster under load", () => {
  it("V30: slots that move take no vote with them, and count none twice", SLOW, async () => {
    await underLoad({ QUEUE_SHARDS: "3" }, async (load, _service, pages) => {
      // The slots that hold pages of this test, so that keys do move.
      const from = await cluster.masterOf(`{default:${pages[0]}}:page`);
      const to = (await cluster.masters()).find(({ port }) => port !== from)?.port ?? 0;
      await cluster.moveSlots(500, from, to);
      await load.more(3);
    });
  });

  it("V31: a killed master's votes and pages go on with its replica, without help", SLOW, async () => {
    await cluster.settled();
    let killed = 0;
    await underLoad({ QUEUE_SHARDS: "3" }, async (load) => {
      killed = await cluster.masterOf(`${shardPrefix(0)}:wait`);
      // Its replica has what it had: what was answered a moment ago is the business of V32.
      await cluster.ask(killed, "WAIT", "1", "5000");
      await cluster.kill(killed);
      await load.more(3);
    }).finally(() => cluster.restart(killed));
    await cluster.settled();
  });

  it(
    "V32: with VOTE_MIN_REPLICAS=1 no vote that was answered 202 is lost with its master",
    SLOW,
    async () => {
      await cluster.settled();
      await underLoad({ QUEUE_SHARDS: "3", VOTE_MIN_REPLICAS: "1" }, async (load) => {
        const killed = await cluster.masterOf(`${shardPrefix(1)}:wait`);
        await cluster.kill(killed);
        await cluster.settled();
        // Its successor has no replica until it is back, and takes no votes until then.
        await cluster.restart(killed);
        await load.more(3);
      });
    },
  );
});
