/** What reads input from outside: each with examples to begin with, and what must hold whatever it is given. */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { SignJWT } from "jose";
import { preferredWait_s, WAIT_S_MAX } from "../../services/api/prefer.ts";
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
import { parseTotals } from "../../shared/tallies/page-feed.ts";
import { AccountTokens } from "../../shared/votes/account-tokens.ts";
import { networkOf } from "../../shared/votes/source.ts";
import { fromVoteJob, toVoteJob, VoteJobError } from "../../shared/votes/vote-job.ts";
import { Voters } from "../../shared/votes/voters.ts";

export interface Target {
  readonly examples: readonly string[];
  /** Rejects or throws what no caller expects, or when something that must hold does not. */
  readonly run: (input: string) => unknown;
}

type Expected = new (...args: never[]) => Error;

/** A parser of JSON that may refuse, but only in the way that its callers expect. */
function ofJson(
  parse: (value: unknown) => unknown,
  expected: Expected,
  examples: readonly unknown[],
): Target {
  return {
    examples: examples.map((example) => JSON.stringify(example)),
    run: (input) => {
      let value: unknown;
      try {
        value = JSON.parse(input);
      } catch {
        return;
      }
      refusing(() => parse(value), expected);
      if (Reflect.get({}, "x") !== undefined) throw new Error("every object has a field x now");
    },
  };
}

function refusing(work: () => unknown, expected: Expected): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof expected)) throw error;
  }
}

const SITE = "default";
const VOTE = {
  site: SITE,
  page: "p",
  voter: "00112233445566ff",
  reaction: 2,
  at: 1_700_000_000_000,
  source: 9,
};
const PUBLISHERS_SECRET = "a secret that a publisher and the fuzzer share";
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

/** Only what this service signed itself is a voter's token, and only to the letter. */
function voterTokens(): Target {
  const voters = new Voters([{ id: "1", secret: "a secret that only the fuzzer knows" }]);
  const genuine = [voters.issue(SITE).token, voters.issue(SITE).token];
  const other = voters.issue("other").token;
  return {
    examples: [...genuine, other],
    run: (input) => {
      const isGenuine = genuine.includes(input);
      if ((voters.verify(SITE, input) !== undefined) !== isGenuine)
        throw new Error("not whom it was issued to");
    },
  };
}

async function accountTokens(): Promise<Target> {
  const rule = {
    audience: "reactions",
    clockSkewSeconds: 60,
    keys: [{ algorithm: "HS256", secret: PUBLISHERS_SECRET }],
  } as const;
  const accounts = new AccountTokens(
    rule,
    (subject) => subject,
    false,
    () => {},
  );
  const sign = (subject: string, audience: string, ends_s: number): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(subject)
      .setAudience(audience)
      .setExpirationTime(ends_s)
      .sign(Buffer.from(PUBLISHERS_SECRET));
  const genuine = await sign("reader", "reactions", NOW_MS / 1_000 + 600);
  const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
  return {
    examples: [
      genuine,
      await sign("reader", "elsewhere", NOW_MS / 1_000 + 600),
      await sign("reader", "reactions", NOW_MS / 1_000 - 600),
      `${unsigned}.${genuine.split(".")[1]}.`,
    ],
    run: async (input) => {
      try {
        await accounts.identify(input, NOW_MS);
      } catch (error) {
        if (error instanceof Refusal && input !== genuine) return;
        throw error;
      }
      // The last characters of base64url may differ and mean the same bytes.
      const [head, body] = input.split(".");
      if (!genuine.startsWith(`${head}.${body}.`)) throw new Error("an account that no publisher named");
    },
  };
}

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

/** By name. */
export async function openTargets(): Promise<Readonly<Record<string, Target>>> {
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
    "a moderator's token": ofJson(parseTokenRequest, Refusal, [{ name: "n", scope: "read", site: "s" }]),
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
    "a voter's token": voterTokens(),
    "an account's token": await accountTokens(),
  };
}
