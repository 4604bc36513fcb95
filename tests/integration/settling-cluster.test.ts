/** Connecting to a Cluster that is not whole: a single node, real, that has only one slot yet. */
import { expect, it, onTestFinished } from "vitest";
import { SettlingCluster } from "../../shared/runtime/settling-cluster.ts";
import { until } from "../support/reader.ts";
import { freePorts, killed, PLAIN, redisCli, startServer } from "../support/redis-child.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const RETRY_MS = 100;

it("V31: whoever connects to a Cluster that is not whole hears of it, and is connected once it is", async () => {
  const [port = 0, bus = 0] = await freePorts(2);
  const node = await startServer(temporaryFolder(), port, PLAIN, [
    ...["--cluster-enabled", "yes", "--cluster-port", String(bus)],
    ...["--cluster-config-file", `nodes-${port}.conf`, "--cluster-announce-ip", "127.0.0.1"],
  ]);
  onTestFinished(() => killed(node));
  const ask = async (...command: readonly string[]): Promise<string> =>
    (await redisCli(PLAIN, "-p", String(port), ...command)).output;
  await until("an answer", async () => (await ask("PING")) === "PONG");
  expect(await ask("CLUSTER", "ADDSLOTS", "0")).toBe("OK");

  const original = new SettlingCluster([{ host: "127.0.0.1", port }], {
    lazyConnect: true,
    clusterRetryStrategy: () => RETRY_MS,
  });
  // As BullMQ makes the connection that a worker waits on.
  const clients = [original, original.duplicate()];
  onTestFinished(() => clients.forEach((client) => void client.disconnect()));
  for (const client of clients) await expect(client.connect()).rejects.toThrow("closed before it was ready");

  expect(await ask("CLUSTER", "ADDSLOTSRANGE", "1", "16383")).toBe("OK");
  for (const client of clients) {
    await until("a connection", async () => client.status === "ready");
    expect(await client.get("nothing")).toBeNull();
  }
});
