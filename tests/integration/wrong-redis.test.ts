/** Settings of Redis that are wrong: one sentence and exit code 1, or a reason in the log and a red `/readyz`. */
import { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { until } from "../support/reader.ts";
import { startProcess } from "../support/start-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { makeCertificates } from "../support/test-certificates.ts";
import { startTestCluster } from "../support/test-cluster.ts";
import { startTestRedis } from "../support/test-redis.ts";
import { refusedBy, waitsWith } from "../support/wrong-settings.ts";

const SLOW = { timeout: 400_000 };
const SERVICES = ["api", "worker", "realtime"] as const;

/** A port on which nobody listens. */
function nobody(): Promise<number> {
  return onFreePort(async (port) => port);
}

test("S31: half-configured TLS is one sentence and exit code 1", SLOW, async () => {
  const { caFile: pem } = await makeCertificates(temporaryFolder());
  const url = { REDIS_URL: "redis://127.0.0.1:1" };
  const [none, half, unreadable] = await Promise.all([
    refusedBy("api", { ...url, REDIS_TLS_CA_FILE: pem }),
    refusedBy("worker", { ...url, REDIS_TLS: "on", REDIS_TLS_CERT_FILE: pem }),
    refusedBy("realtime", { REDIS_URL: "rediss://127.0.0.1:1", REDIS_TLS_CA_FILE: "/nowhere" }),
  ]);
  expect(none).toBe(
    "The settings cannot be used:\n  REDIS_TLS: expected on, or a rediss URL, together with REDIS_TLS_CA_FILE, got neither\n",
  );
  expect(half).toBe(
    "The settings cannot be used:\n  REDIS_TLS_KEY_FILE: expected a PEM file beside REDIS_TLS_CERT_FILE, got nothing\n",
  );
  expect(unreadable).toBe(
    'The settings cannot be used:\n  REDIS_TLS_CA_FILE: expected a readable PEM file, got "/nowhere"\n',
  );
});

test("S31: a cluster address that is none is one sentence and exit code 1", SLOW, async () => {
  const said = await refusedBy("api", { REDIS_CLUSTER: "redis://:hunter2@host:1" });
  expect(said).toBe(
    "The settings cannot be used:\n  REDIS_CLUSTER: expected host:port,host:port,…, got something else\n",
  );
});

test("S32: every service waits for a Redis that is not there, and says why", SLOW, async () => {
  const port = await nobody();
  await Promise.all(
    SERVICES.map((name) => waitsWith(name, { REDIS_URL: `redis://127.0.0.1:${port}` }, /ECONNREFUSED/)),
  );
});

test("S32: every service waits for a Cluster that is not there, and says why", SLOW, async () => {
  const port = await nobody();
  await Promise.all(
    SERVICES.map((name) =>
      waitsWith(name, { REDIS_CLUSTER: `127.0.0.1:${port}` }, /slots cache.*(?:ECONNREFUSED|closed|timeout)/),
    ),
  );
});

test(
  "S32: a wrong password is a reason in the log and never shown; the right one lets in",
  SLOW,
  async () => {
    const redis = await startTestRedis();
    onTestFinished(() => redis.stop());
    const admin = new Redis(redis.url);
    await admin.config("SET", "requirepass", "swordfish");
    admin.disconnect();
    const { port } = new URL(redis.url);
    for (const name of SERVICES) {
      const said = await waitsWith(name, { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}` }, /WRONGPASS/);
      expect(said).not.toContain("hunter2");
    }
    const service = startProcess("api", { REDIS_URL: redis.url, REDIS_PASSWORD: "swordfish" });
    onTestFinished(() => service.kill());
    const address = await service.listens;
    await until("a green /readyz", async () => (await fetch(`${address}/readyz`)).ok);
  },
);

test("S32: TLS towards a Redis without TLS is a reason, not a hang", SLOW, async () => {
  const redis = await startTestRedis();
  onTestFinished(() => redis.stop());
  const { port } = new URL(redis.url);
  await waitsWith(
    "api",
    { REDIS_URL: `rediss://127.0.0.1:${port}` },
    /Redis|wrong version|ECONN|closed|socket/i,
  );
});

test(
  "S32: with one node down at the start the others serve, and /readyz says which part is missing",
  SLOW,
  async () => {
    const cluster = await startTestCluster();
    onTestFinished(() => cluster.stop());
    // The replica of the master goes too, so that nobody takes its place.
    const [master] = await cluster.masters();
    const replicas = await cluster.ask(master?.port ?? 0, "CLUSTER", "REPLICAS", master?.id ?? "");
    const replica = Number(/:(\d+)@/.exec(replicas)?.[1]);
    await cluster.kill(replica);
    await cluster.kill(master?.port ?? 0);
    const service = startProcess("api", { REDIS_CLUSTER: cluster.nodes });
    onTestFinished(() => service.kill());
    const address = await service.listens;
    await until("a red /readyz with its reason", async () => {
      const ready = await fetch(`${address}/readyz`);
      return ready.status === 503 && /does not answer|ECONNREFUSED|closed|timed out/.test(await ready.text());
    });
    await cluster.restart(master?.port ?? 0);
    await until("a green /readyz", async () => (await fetch(`${address}/readyz`)).ok, 60_000);
    expect((await service.stop()).code).toBe(0);
  },
);
