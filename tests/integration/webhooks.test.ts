import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAILING_MS_MAX, sendAlert } from "../../services/worker/send-alert.ts";
import { type Alert, parseAlert } from "../../shared/contract/alerts.ts";
import { isObject } from "../../shared/contract/object.ts";
import {
  parseDelivery,
  parseWebhook,
  parseWebhookRequest,
  SECRET_LEAVES_MS,
} from "../../shared/contract/webhooks.ts";
import {
  readDeliveries,
  saveWebhook,
  signingSecrets,
  storedWebhook,
} from "../../shared/live/webhook-store.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { ADMIN_TOKEN, freshSite } from "../support/fresh-site.ts";
import { raidPage } from "../support/raid.ts";
import { call, freshPage, until } from "../support/reader.ts";
import { type Received, type Receiver, startReceiver } from "../support/receiver.ts";
import { startService, type TestService } from "../support/start-service.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const { site, env } = freshSite();
const raided = freshPage("raided");
/** A Redis of its own: the queue of webhooks is one for all services on a Redis. */
let own: TestRedis;
let redis: RedisConnection;
let lifecycle: Lifecycle;
let service: TestService;
let receiver: Receiver;
const secrets = new Map<string, string>();

/** Fails for the first try of each alert of a burst; says no, moves or is silent where the path says so. */
const seen = new Set<string>();
function answer({ path, headers, body }: Received): number | undefined {
  if (path === "/broken") return 500;
  if (path === "/moving") return 302;
  const id = String(headers["webhook-id"]);
  if (!body.includes('"alert.burst"') || seen.has(id)) return 204;
  seen.add(id);
  return 503;
}

async function save(name: string, request: object): Promise<void> {
  const saved = await saveWebhook(redis, site, name, parseWebhookRequest(request), Date.now());
  secrets.set(name, saved.secret ?? secrets.get(name) ?? "");
}

beforeAll(async () => {
  own = await startTestRedis();
  ({ redis, lifecycle } = openTestRedis("worker", own.url));
  receiver = await startReceiver(answer);
  await raidPage(redis, site, raided);
  await save("newsroom", { url: `${receiver.url}/newsroom` });
  const thresholds = [
    { reaction: "angry", votes: 60, minutes: 10 },
    { reaction: "sad", votes: 1, minutes: 10 },
  ];
  await save("chat", { url: `${receiver.url}/chat`, format: "slack", kinds: [], thresholds });
  service = await startService(own.url, { ...env, WEBHOOKS_PRIVATE: "on" });
}, 30_000);
afterAll(async () => {
  await service.stop();
  await receiver.stop();
  await lifecycle.stop();
  await own.stop();
});

const path = (route: string): string => `${service.url}/v1/sites/${site}/${route}`;
const authorized = { authorization: `Bearer ${ADMIN_TOKEN}` };
const ask = (route: string, method = "GET", body?: object) =>
  call(path(route), {
    method,
    headers: { ...authorized, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

function isSigned(secret: string, message: Received | undefined): boolean {
  try {
    new Webhook(secret).verify(message?.body ?? "", {
      "webhook-id": String(message?.headers["webhook-id"]),
      "webhook-timestamp": String(message?.headers["webhook-timestamp"]),
      "webhook-signature": String(message?.headers["webhook-signature"]),
    });
    return true;
  } catch {
    return false;
  }
}

const ALERT: Alert = {
  id: "1-0",
  at: 1,
  page: "p",
  score: 7,
  why: { kind: "burst", votes: 20, minutes: 5, usual: 1 },
  sentence: "Many.",
};

function jobFor(webhook: string, attemptsMade = 0) {
  return { id: `m-${webhook}`, data: { site, webhook, alert: ALERT }, attemptsMade, opts: { attempts: 3 } };
}

describe("webhooks", () => {
  it("M64, M67: the worker sends what it finds, signed, once, and again what was not taken", async () => {
    const to = (name: string) => receiver.received.filter((one) => one.path === `/${name}`);
    await until(
      "all alerts and the second try",
      () => to("newsroom").length === 4 && to("chat").length === 1,
      20_000,
    );
    const ids = to("newsroom").map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(3);
    const kinds = to("newsroom").map(({ body, headers }) => {
      const signed = new Webhook(secrets.get("newsroom") ?? "").verify(body, {
        "webhook-id": String(headers["webhook-id"]),
        "webhook-timestamp": String(headers["webhook-timestamp"]),
        "webhook-signature": String(headers["webhook-signature"]),
      });
      const alert = isObject(signed) ? parseAlert(signed.data) : undefined;
      expect(alert?.page).toBe(raided);
      return alert?.why.kind;
    });
    expect(kinds.sort()).toEqual(["burst", "burst", "concentration", "mood-flip"]);
    expect(JSON.parse(to("chat")[0]?.body ?? "")).toEqual({
      text: `${raided}: 70 votes for angry within 10 minutes; the limit is 60.`,
    });
    const bursts = async () => {
      const { body } = await ask("webhooks/deliveries");
      const lines = (Array.isArray(body.deliveries) ? body.deliveries : []).map(parseDelivery);
      return lines.filter((line) => line?.kind === "burst").reverse();
    };
    // It is written down once the receiver has answered.
    await until("the second try to be written down", async () => (await bursts()).length > 1);
    expect(await bursts()).toMatchObject([
      { attempt: 1, outcome: "failed", status: 503, reason: "The receiver answered 503." },
      { attempt: 2, outcome: "delivered", status: 204 },
    ]);
  }, 30_000);

  it("M65: is parked after an hour of failures, which is shown, and begins anew when saved", async () => {
    await save("broken", { url: `${receiver.url}/broken` });
    const tries = () => receiver.received.filter((one) => one.path === "/broken").length;
    const begin = Date.now();
    await expect(sendAlert(redis, jobFor("broken"), true, begin)).rejects.toThrow("answered 500");
    await expect(sendAlert(redis, jobFor("broken", 1), true, begin + FAILING_MS_MAX - 1)).rejects.toThrow();
    expect((await storedWebhook(redis, site, "broken"))?.parkedAt).toBeUndefined();
    const late = begin + FAILING_MS_MAX;
    await expect(sendAlert(redis, jobFor("broken", 1), true, late)).rejects.toThrow("answered 500");
    await sendAlert(redis, jobFor("broken", 2), true, late);
    expect(tries()).toBe(3);
    const { body } = await ask("webhooks");
    const shown = (Array.isArray(body.webhooks) ? body.webhooks : []).map(parseWebhook);
    expect(shown.find((webhook) => webhook?.name === "broken")?.parkedAt).toBe(late);
    expect((await readDeliveries(redis, site, 1))[0]).toMatchObject({
      outcome: "given-up",
      webhook: "broken",
    });
    await save("broken", { url: `${receiver.url}/mended` });
    await sendAlert(redis, jobFor("broken", 2), true, late).catch(() => {});
    expect((await storedWebhook(redis, site, "broken"))?.parkedAt).toBeUndefined();
  });

  it("M68: a new secret signs from now on, and for a day the one before signs, too", async () => {
    await save("turning", { url: `${receiver.url}/turning` });
    const old = secrets.get("turning") ?? "";
    const replaced = await ask("webhooks/turning/secret", "POST");
    expect(replaced).toMatchObject({
      status: 200,
      body: { name: "turning", url: `${receiver.url}/turning` },
    });
    const fresh = String(replaced.body.secret);
    expect(fresh).toMatch(/^whsec_/);
    expect(fresh).not.toBe(old);
    const taken = async (): Promise<readonly boolean[]> => {
      await sendAlert(redis, jobFor("turning", 1), true, Date.now()).catch(() => {});
      const last = receiver.received.filter((one) => one.path === "/turning").at(-1);
      return [old, fresh].map((secret) => isSigned(secret, last));
    };
    expect(await taken()).toEqual([true, true]);
    // A change of another kind keeps both.
    await save("turning", { url: `${receiver.url}/turning`, kinds: ["burst"] });
    expect(await taken()).toEqual([true, true]);
    const shown = JSON.stringify([(await ask("webhooks")).body, (await ask("webhooks/deliveries")).body]);
    expect(shown).not.toContain("whsec_");
    const stored = await storedWebhook(redis, site, "turning");
    if (stored === undefined) throw new Error("the webhook is there");
    expect(signingSecrets(stored, Date.now())).toEqual([fresh, old]);
    expect(signingSecrets(stored, Date.now() + SECRET_LEAVES_MS)).toEqual([fresh]);
    expect(await ask("webhooks/nobody/secret", "POST")).toMatchObject({
      status: 404,
      body: { code: "webhook_unknown" },
    });
    expect(await call(path("webhooks/turning/secret"), { method: "POST" })).toMatchObject({ status: 401 });
  });

  it("M68, M65: a parked webhook sends again with its new secret, and of many that are asked for at once none is lost", async () => {
    await save("many", { url: `${receiver.url}/broken` });
    const begin = Date.now();
    await sendAlert(redis, jobFor("many"), true, begin).catch(() => {});
    await sendAlert(redis, jobFor("many", 1), true, begin + FAILING_MS_MAX).catch(() => {});
    expect((await storedWebhook(redis, site, "many"))?.parkedAt).toBeDefined();
    const answers = await Promise.all([1, 2, 3].map(() => ask("webhooks/many/secret", "POST")));
    const stored = await storedWebhook(redis, site, "many");
    if (stored === undefined) throw new Error("the webhook is there");
    expect(stored.parkedAt).toBeUndefined();
    expect(signingSecrets(stored, Date.now())).toEqual(
      expect.arrayContaining(answers.map(({ body }) => body.secret)),
    );
  });

  it("M66: calls no private address, neither by name nor after a redirect", async () => {
    const before = receiver.received.length;
    const port = new URL(receiver.url).port;
    for (const url of [
      receiver.url,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      "http://169.254.169.254/",
    ]) {
      await save("inside", { url });
      await expect(sendAlert(redis, jobFor("inside"), false, Date.now()), url).rejects.toThrow("private");
    }
    expect(receiver.received.length).toBe(before);
    await save("inside", { url: `${receiver.url}/moving` });
    await expect(sendAlert(redis, jobFor("inside"), true, Date.now())).rejects.toThrow("not followed");
    expect(receiver.received.some((one) => one.path === "/moved")).toBe(false);
  });

  it("M64, S1: are saved and removed by an admin; the secret is shown once", async () => {
    const url = "https://chat.example/hook";
    const made = await ask("webhooks/desk", "PUT", { url, kinds: ["burst"] });
    expect(made).toMatchObject({ status: 201, body: { name: "desk", url, kinds: ["burst"] } });
    expect(made.body.secret).toMatch(/^whsec_/);
    const again = await ask("webhooks/desk", "PUT", { url });
    expect(again.status).toBe(200);
    expect(again.body.secret).toBeUndefined();
    expect(JSON.stringify((await ask("webhooks")).body)).not.toContain("whsec_");
    for (const body of [
      {},
      { url: "ftp://x.example/" },
      { url: "https://name:word@x.example/" },
      { url, kinds: ["love"] },
      { url, format: "xml" },
      { url, more: 1 },
      { url, thresholds: [{ reaction: "love", votes: 1, minutes: 1 }] },
      { url, thresholds: [{ reaction: "angry", votes: 0, minutes: 1 }] },
      { url, thresholds: [{ reaction: "angry", votes: 1, minutes: 181 }] },
    ]) {
      const refused = await ask("webhooks/desk", "PUT", body);
      expect(refused, JSON.stringify(body)).toMatchObject({ status: 400, body: { code: "webhook_invalid" } });
    }
    expect(await ask("webhooks/deliveries", "PUT", { url })).toMatchObject({ status: 400 });
    expect((await ask("webhooks/desk", "DELETE")).status).toBe(204);
    expect(await ask("webhooks/desk", "DELETE")).toMatchObject({
      status: 404,
      body: { code: "webhook_unknown" },
    });
    expect(await call(path("webhooks"))).toMatchObject({ status: 401 });
    for (let n = 0; n < 20; n++) await ask(`webhooks/n${n}`, "PUT", { url });
    expect(await ask("webhooks/one-more", "PUT", { url })).toMatchObject({ body: { code: "webhooks_full" } });
  });
});
