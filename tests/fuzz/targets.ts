/** What reads input from outside: each with examples to begin with, and what must hold whatever it is given. */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { type Embed, embedAddress, parseEmbed } from "../../services/api/embed-page.ts";
import { parseRegistration } from "../../services/api/page-schemas.ts";
import { preferredWait_s, WAIT_S_MAX } from "../../services/api/prefer.ts";
import { readFormBody } from "../../services/api/read-body.ts";
import { type FeedId, readFeed } from "../../services/moderation/feeds/read-feed.ts";
import { readHyvor } from "../../services/moderation/importers/hyvor.ts";
import { readWaline } from "../../services/moderation/importers/waline.ts";
import { WrongFile } from "../../services/moderation/wrong-file.ts";
import { readFrame } from "../../shared/client/socket-frame.ts";
import { parsePages } from "../../shared/contract/events.ts";
import { ExportLineError, parseExportLine } from "../../shared/contract/export.ts";
import { parseOrderRequest } from "../../shared/contract/orders.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { parseSolution } from "../../shared/contract/puzzle.ts";
import { parseTokenRequest } from "../../shared/contract/tokens.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import { parseWebhookRequest } from "../../shared/contract/webhooks.ts";
import { openAddressOf } from "../../shared/runtime/address-of.ts";
import { readPlainRequest } from "../../shared/runtime/plain-request.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { parseSite } from "../../shared/runtime/site-settings.ts";
import { parseTotals } from "../../shared/tallies/page-feed.ts";
import { networkOf } from "../../shared/votes/source.ts";
import { fromVoteJob, toVoteJob, VoteJobError } from "../../shared/votes/vote-job.ts";
import type { JwksServer } from "../support/jwks-server.ts";
import { ofJson, refusing, type Target } from "./target.ts";
import {
  moderatorTokens,
  pageSignatures,
  publishedKeyAccounts,
  sharedSecretAccounts,
  solvedPuzzles,
  voterTokens,
} from "./token-targets.ts";

const SITE = "default";
const VOTE = {
  site: SITE,
  page: "p",
  voter: "00112233445566ff",
  reaction: 2,
  at: 1_700_000_000_000,
  source: 9,
};
const NOW_MS = 1_750_000_000_000;

const HEX = "00112233445566778899aabbccddeeff";
const SOLUTION = {
  parameters: {
    ...{ algorithm: "PBKDF2/SHA-256", nonce: HEX, salt: HEX, cost: 500, keyLength: 32, keyPrefix: "00" },
    ...{ keySignature: HEX, data: { site: SITE, until: NOW_MS } },
  },
  ...{ signature: HEX, counter: 7, derivedKey: HEX },
};
const EXPORT = [
  {
    kind: "header",
    format: "reader-reactions-export",
    version: 1,
    site: SITE,
    reactions: ["great"],
    exportedAt: NOW_MS,
  },
  { kind: "page", page: "p", state: "frozen", records: 1, base: { great: 2 }, frozen: [[1, null]] },
  { kind: "vote", voter: "00112233445566ff", reaction: "great", at: NOW_MS, source: "0a1b2c", held: true },
  { kind: "totals", page: "p", votes: 1, counts: { great: 3 } },
  { kind: "trailer", pages: 1, votes: 1, audit: 0 },
];

/** What a proxy forwards; nobody else is believed. */
function addresses(): Target {
  const [trusting, strict] = [openAddressOf(["127.0.0.1"]), openAddressOf(["192.0.2.1"])];
  return {
    examples: ["203.0.113.9", "203.0.113.9, 127.0.0.1", "2001:db8::1", "::ffff:203.0.113.9", "unknown", ""],
    run: (input) => {
      const socket = new Socket();
      Object.defineProperty(socket, "remoteAddress", { value: "127.0.0.1" });
      const request = new IncomingMessage(socket);
      request.headers["x-forwarded-for"] = input;
      networkOf(trusting(request));
      if (strict(request) !== "127.0.0.1") throw new Error("whoever is not trusted was believed");
    },
  };
}

/** What is read past Node's parser says again what was read: nothing was passed over, and nothing taken twice. */
function plainRequests(): Target {
  const begin = "POST /v1/sites/default/votes HTTP/1.1\r\nhost: a\r\n";
  return {
    examples: [
      `${begin}content-length: 2\r\n\r\n{}`,
      `${begin}x-a: b\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n`,
      `${begin}transfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    run: (input) => {
      const bytes = Buffer.from(input, "latin1");
      const request = readPlainRequest(bytes);
      if (request === undefined) return;
      const { path, headers, body } = request;
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = bytes.toString("latin1", 0, bytes.length - body.length);
      const [first, ...sent] = head.slice(0, -2).split(/(?<=\n)/);
      // Node calls each header by its name in small letters; those whose names are numbers an object has in an order of its own.
      const [read, there] = [lines, sent].map((all) => all.map((line) => line.toLowerCase()).sort());
      if (first !== `POST ${path} HTTP/1.1\r\n` || String(read) !== String(there))
        throw new Error("not what was sent");
      if (headers["content-length"] !== String(body.length)) throw new Error("a body of another length");
    },
  };
}

/** Settings that were taken are kept in JSON, and taken from there again. */
function siteSettings(): Target {
  const settings = [
    { id: "s", name: "S" },
    {
      id: "news",
      name: "News",
      reactions: ["great", "sad"],
      origins: ["https://news.example", "https://*.news.example"],
      pages: { open: "origin", patterns: ["/a/*"] },
      voters: {
        who: "both",
        accounts: { audience: "a", keys: [{ algorithm: "HS256", secret: HEX.repeat(2) }] },
      },
      labels: { en: { great: "Great" }, "pt-BR": { sad: "Triste" } },
      limits: { newPagesAMinute: 5 },
      puzzle: "always",
      retentionDays: 30,
    },
    { id: "signed", name: "Signed", pages: { open: "signed", keys: [HEX] } },
  ];
  return ofJson(
    (value) => {
      const site = parseSite(value);
      if ("faults" in site) return;
      const again = parseSite(JSON.parse(JSON.stringify(site)));
      if ("faults" in again) throw new Error(`kept, and then not known: ${again.faults}`);
    },
    Refusal,
    settings,
  );
}

/** What an embed's address says is what was read from it. */
function embeds(): Target {
  const read = (query: string): Embed => parseEmbed(new URLSearchParams(query));
  return {
    examples: ["site=default&page=hello", "page=https%3A%2F%2Fa%2Fb&lang=pt-BR&mode=compact&signature=abc"],
    run: (input) =>
      refusing(() => {
        const embed = read(input);
        const again = read(embedAddress(embed).slice("/embed?".length));
        if (JSON.stringify(again) !== JSON.stringify(embed)) throw new Error("another embed");
      }, Refusal),
  };
}

/** A form's body, which arrives in two pieces. */
function forms(): Target {
  return {
    examples: ["page=hello&reaction=great", "page=a%20b&reaction=&return=https%3A%2F%2Fa%2Fb", "a=1&a=2&&="],
    run: async (input) => {
      const request = new IncomingMessage(new Socket());
      const bytes = Buffer.from(input, "latin1");
      request.headers["content-type"] = "application/x-www-form-urlencoded";
      request.push(bytes.subarray(0, 5));
      request.push(bytes.subarray(5));
      request.push(null);
      await readFormBody(request).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
      });
    },
  };
}

/** Whatever a feed says, pages that come of it can be registered. */
function feeds(id: FeedId): Target {
  const item = "<title>A &amp; B</title><link>https://a.example/b</link><guid>g</guid>";
  return {
    examples: [
      `<rss><channel><item>${item}<pubDate>Thu, 01 Jan 2026 00:00:00 GMT</pubDate></item></channel></rss>`,
      '<feed><entry><id>i</id><title type="html"><![CDATA[A]]></title><link href="https://a.example/c"/></entry></feed>',
      "<urlset><url><loc>https://a.example/d</loc><news:news><news:title>A</news:title></news:news></url></urlset>",
      '{"page":"p","title":"P","url":"https://a.example/p","published":1}\n{"page":"q"}',
      '<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><rss><channel><item><title>&c;</title></item></channel></rss>',
    ],
    run: (input) =>
      refusing(() => {
        const { pages } = readFeed(input, id);
        if (pages.length > 0) parseRegistration({ pages });
      }, WrongFile),
  };
}

/** Exports of other services. */
function foreignTotals(read: typeof readWaline, examples: readonly unknown[]): Target {
  return {
    examples: examples.map((example) => JSON.stringify(example)),
    run: (input) =>
      refusing(() => {
        for (const { page, votes } of read(input))
          for (const [name, count] of votes)
            if (!(Number.isSafeInteger(count) && count >= 0))
              throw new Error(`${count} votes of ${name} on ${page}`);
      }, WrongFile),
  };
}

/**
 * By name.
 * @param redis an empty one, for what is looked up there
 * @param publisher shows keys of accounts
 */
export async function openTargets(
  redis: RedisConnection,
  publisher: JwksServer,
): Promise<Readonly<Record<string, Target>>> {
  return {
    "a vote": ofJson(parseVoteRequest, Refusal, [
      { page: "p", reaction: "great", voter: "a1.1.x.y" },
      { page: "p", reaction: null, signature: "0123" },
    ]),
    "pages to watch": ofJson(parsePages, Refusal, [{ pages: ["p", "q"] }, { pages: [] }]),
    "an order": ofJson(parseOrderRequest, Refusal, [
      {
        order: "purge",
        page: "p",
        since: "2026-01-01T00:00:00Z",
        reaction: "sad",
        source: "0a1b2c",
        reason: "x",
      },
      { order: "ban", voter: "v1.x", dryRun: true },
      { order: "freeze", page: "p" },
    ]),
    "a request for a token": ofJson(parseTokenRequest, Refusal, [{ name: "n", scope: "read", site: "s" }]),
    "a webhook": ofJson(parseWebhookRequest, Refusal, [
      { url: "https://hook.example/x", format: "slack", kinds: ["spike"] },
    ]),
    "a puzzle's solution": ofJson(parseSolution, Refusal, [SOLUTION]),
    "a job": ofJson(fromVoteJob, VoteJobError, [toVoteJob([VOTE, { ...VOTE, reaction: null }])]),
    "a line of an export": {
      examples: EXPORT.map((line) => JSON.stringify(line)),
      run: (input) => refusing(() => parseExportLine(input), ExportLineError),
    },
    "published counts": {
      examples: ["epoch 3 open 1 2 3 4 0 0 0 0", "e 0 hidden 0 0 0 0 0 0 0 0"],
      run: (input) => parseTotals(input),
    },
    "a plain request": plainRequests(),
    "Prefer: wait": {
      examples: ["wait=5", 'respond-async, wait="3"', "wait=99999"],
      run: (input) => {
        const wait_s = preferredWait_s(input);
        if (wait_s !== undefined && !(wait_s >= 0 && wait_s <= WAIT_S_MAX))
          throw new Error(`waits ${wait_s} s`);
      },
    },
    "X-Forwarded-For": addresses(),
    "a site's settings": siteSettings(),
    "pages to register": ofJson(parseRegistration, Refusal, [
      { pages: [{ page: "p", title: "P", url: "https://a.example/p", published: 1 }] },
    ]),
    "an embed's address": embeds(),
    "a form": forms(),
    "a frame of a socket": {
      examples: ['42["counts",{"page":"p"}]', '43/live,7[{"ok":true}]', '0{"sid":"x"}', "2", "41/live,"],
      run: (input) => readFrame(input),
    },
    "a feed, by address": feeds("url"),
    "a feed, by its own ids": feeds("guid"),
    "totals of Waline": foreignTotals(readWaline, [
      {
        type: "waline",
        version: 1,
        data: { Counter: [{ url: "/a", time: 9, reaction0: 3, reaction1: null }] },
      },
      { errno: 0, data: { type: "waline", data: { Counter: [] } } },
    ]),
    "totals of Hyvor Talk": foreignTotals(readHyvor, [
      { pages: [{ identifier: "p", url: "https://a.example/p", reactions: { love: 2, sad: 0 } }] },
      { comments: [{ page: { identifier: null, url: "https://a.example/q", reactions: { wow: 1 } } }] },
    ]),
    "a voter's token": voterTokens(),
    "a moderator's token": await moderatorTokens(redis),
    "a page's signature": pageSignatures(redis),
    "a solved puzzle": await solvedPuzzles(redis),
    "an account's token, shared secret": await sharedSecretAccounts(),
    "an account's token, published keys": await publishedKeyAccounts(publisher),
  };
}
