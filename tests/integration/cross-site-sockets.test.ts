import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { ADMIN_TOKEN } from "../support/fresh-site.ts";
import { knock } from "../support/knock.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";

const NEWS = "https://news.example";
const EVIL = "https://evil.example";
const news = { id: "news", name: "News", origins: [NEWS] };
const closedFile = writeSitesFile([news, { ...news, id: "elsewhere", origins: ["https://other.example"] }]);
const mixedFile = writeSitesFile([news, { id: "open", name: "Open" }]);

/** Each site has origins. */
let closed: TestService;
/** One has none. */
let mixed: TestService;
beforeAll(async () => {
  const begin = (SITES_FILE: string) => startService(inject("redisUrl"), { SITES_FILE, ADMIN_TOKEN });
  [closed, mixed] = await Promise.all([begin(closedFile), begin(mixedFile)]);
});
afterAll(async () => {
  await Promise.all([closed.stop(), mixed.stop()]);
});

/** What an upgrade is answered; 101 without a body. */
async function upgrade(service: TestService, headers: Readonly<Record<string, string>>) {
  const asked = request(`${service.url}/socket.io/?EIO=4&transport=websocket`, {
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });
  asked.end();
  const upgraded = once(asked, "upgrade").then(([answer]: IncomingMessage[]) => {
    answer?.socket.destroy();
    return { status: answer?.statusCode, headers: answer?.headers, body: undefined };
  });
  const answered = once(asked, "response").then(async ([answer]: IncomingMessage[]) => ({
    status: answer?.statusCode,
    headers: answer?.headers,
    body: answer === undefined ? undefined : await json(answer),
  }));
  return await Promise.race([upgraded, answered]);
}

/** What a dashboard on a page of `origin` hears: its connection, or why there is none. */
const enterLive = (site: unknown, origin: string | undefined): Promise<unknown> =>
  knock(`${mixed.url}/live`, { site, token: ADMIN_TOKEN }, origin);

describe("sockets from other pages", () => {
  it("S62: are refused at the upgrade, as a problem, where no site takes their origin", async () => {
    for (const origin of [EVIL, "null", "http://news.example", "https://news.example.evil.example"]) {
      const { status, headers, body } = await upgrade(closed, { origin });
      expect([status, body], origin).toMatchObject([403, { code: "origin_refused", retryable: false }]);
      expect(headers?.["content-type"]).toBe("application/problem+json");
    }
    for (const headers of [{ origin: NEWS }, { origin: new URL(closed.url).origin }, {}])
      expect((await upgrade(closed, headers)).status).toBe(101);
    expect((await upgrade(mixed, { origin: EVIL })).status).toBe(101);
  });

  it("S62, P41: are refused a site's pulse, whatever their token", async () => {
    expect(await enterLive("news", EVIL)).toMatchObject({ problem: { code: "origin_refused" } });
    expect(await enterLive(["news"], undefined)).toMatchObject({ problem: { code: "site_unknown" } });
    for (const origin of [NEWS, new URL(mixed.url).origin, undefined])
      expect(await enterLive("news", origin)).toBe("connected");
    expect(await enterLive("open", EVIL)).toBe("connected");
  });
});
