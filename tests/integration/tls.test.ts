/** Redis over TLS, with certificates of an authority of our own: what lets in, and what is said when it does not fit. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { freshPage, newVoter, tallied, until } from "../support/reader.ts";
import { freePorts, killed, redisCli, startServer } from "../support/redis-child.ts";
import { clusterPlace } from "../support/redis-place.ts";
import { startService } from "../support/start-service.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Certificates, makeCertificates } from "../support/test-certificates.ts";
import { startTestCluster } from "../support/test-cluster.ts";
import { MASTER, startTestSentinels } from "../support/test-sentinels.ts";
import { refusedBy, waitsWith } from "../support/wrong-settings.ts";

const SLOW = { timeout: 240_000 };
const CATCH_UP_MS = 60_000;
const PASSWORD = "swordfish";

let folder: string;
let tls: Certificates;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "reader-reactions-tls-"));
  tls = await makeCertificates(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Redis that speaks TLS only and asks for the password; `rediss://…` of it. */
async function startTlsRedis(...more: readonly string[]): Promise<string> {
  const access = { tls, password: PASSWORD };
  const [port = 0] = await freePorts(1);
  const server = await startServer(temporaryFolder(), port, access, more);
  onTestFinished(() => killed(server));
  const cert = ["--cert", tls.client.certFile, "--key", tls.client.keyFile];
  await until("the Redis", async () =>
    (await redisCli(access, ...cert, "-p", String(port), "PING")).output.endsWith("PONG"),
  );
  return `rediss://127.0.0.1:${port}`;
}

/** Votes and hears of it. */
async function expectService(place: string, env: Readonly<Record<string, string>>): Promise<void> {
  const service = await startService(place, env);
  onTestFinished(() => service.stop());
  await until("a green /readyz", async () => (await fetch(`${service.url}/readyz`)).ok, CATCH_UP_MS);
  const page = freshPage();
  const socket = await service.socket();
  let total = 0;
  socket.on("counts", (counts) => {
    total = counts.total;
  });
  expect((await socket.emitWithAck("watch", { pages: [page] })).ok).toBe(true);
  const voter = await newVoter(service.url);
  expect((await tallied(service.url, { page, reaction: "great", voter })).status).toBe(200);
  await until("the counts", () => total === 1, CATCH_UP_MS);
}

test("S116: one Redis over TLS, with its authority and a password", SLOW, async () => {
  const url = await startTlsRedis();
  await expectService(url, { REDIS_TLS_CA_FILE: tls.caFile, REDIS_PASSWORD: PASSWORD });
});

test(
  "S116: a Redis that wants to see a certificate is shown ours; without one it is waited for",
  SLOW,
  async () => {
    const url = await startTlsRedis("--tls-auth-clients", "yes");
    const env = { REDIS_TLS_CA_FILE: tls.caFile, REDIS_PASSWORD: PASSWORD };
    await expectService(url, {
      ...env,
      REDIS_TLS_CERT_FILE: tls.client.certFile,
      REDIS_TLS_KEY_FILE: tls.client.keyFile,
    });
    await waitsWith("api", { REDIS_URL: url, ...env }, /certificate required|closed|ECONNRESET|EPIPE/i);
  },
);

test("S116: a Cluster over TLS, with a password", SLOW, async () => {
  const cluster = await startTestCluster({ access: { tls, password: PASSWORD } });
  onTestFinished(() => cluster.stop());
  const env = { REDIS_TLS: "on", REDIS_TLS_CA_FILE: tls.caFile, REDIS_PASSWORD: PASSWORD };
  await expectService(clusterPlace(cluster.nodes), env);
});

test("S117: an authority that did not sign is a reason in the log and at /readyz", SLOW, async () => {
  const url = await startTlsRedis();
  const env = { REDIS_URL: url, REDIS_PASSWORD: PASSWORD };
  await waitsWith("api", { ...env, REDIS_TLS_CA_FILE: tls.strangerFile }, /certificate/);
  await waitsWith("realtime", env, /certificate/);
});

test("S117: no TLS towards a Redis that speaks nothing else is a reason, not a hang", SLOW, async () => {
  const url = await startTlsRedis();
  const plain = url.replace("rediss:", "redis:");
  await waitsWith("worker", { REDIS_URL: plain, REDIS_PASSWORD: PASSWORD }, /closed|ECONNRESET|EPIPE/i);
});

test(
  "S117: a file that is no certificate, or no key of it, is one sentence and exit code 1",
  SLOW,
  async () => {
    const url = { REDIS_URL: "rediss://127.0.0.1:1" };
    const [authority, key] = await Promise.all([
      refusedBy("api", { ...url, REDIS_TLS_CA_FILE: tls.client.keyFile }),
      refusedBy("api", {
        ...url,
        REDIS_TLS_CERT_FILE: tls.client.certFile,
        REDIS_TLS_KEY_FILE: tls.server.keyFile,
      }),
    ]);
    expect(authority).toBe(
      `The settings cannot be used:\n  REDIS_TLS_CA_FILE: expected a PEM file with a certificate, got ${JSON.stringify(tls.client.keyFile)}\n`,
    );
    expect(key).toBe(
      `The settings cannot be used:\n  REDIS_TLS_KEY_FILE: expected the key of the certificate in REDIS_TLS_CERT_FILE, got another one\n`,
    );
  },
);

test(
  "S118: Sentinels that know no such master, or are not there, are a reason; passwords are not shown",
  SLOW,
  async () => {
    const sentinels = await startTestSentinels({ password: PASSWORD });
    onTestFinished(() => sentinels.stop());
    const [nobody = 0] = await freePorts(1);
    await waitsWith("api", { REDIS_URL: sentinels.url.replace(`/${MASTER}`, "/other") }, /No such master/);
    await waitsWith(
      "worker",
      { REDIS_URL: `redis+sentinel://127.0.0.1:${nobody}/${MASTER}` },
      /failed to connect to sentinel 127\.0\.0\.1:\d+/,
    );
    const said = await waitsWith(
      "realtime",
      { REDIS_URL: sentinels.url.replace("//", "//:hunter2@") },
      /WRONGPASS/,
    );
    expect(said).not.toContain("hunter2");
    await expectService(sentinels.url.replace("//", `//:${PASSWORD}@`), {});
  },
);
