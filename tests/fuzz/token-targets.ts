/** What checks tokens, signatures and solutions: each takes exactly what was given out, and nothing that only resembles it. */
import { createHmac } from "node:crypto";
import { SignJWT } from "jose";
import { askWithSolution } from "../../shared/client/solve-puzzle.ts";
import { isObject } from "../../shared/contract/object.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import { Tokens } from "../../shared/moderation/tokens.ts";
import { openMetrics } from "../../shared/runtime/metrics.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { OPEN_SITE } from "../../shared/runtime/site-settings.ts";
import { PageStates } from "../../shared/tallies/page-states.ts";
import { AccountTokens } from "../../shared/votes/account-tokens.ts";
import { checkPage } from "../../shared/votes/check-page.ts";
import { Puzzles } from "../../shared/votes/puzzles.ts";
import { Voters } from "../../shared/votes/voters.ts";
import { AUDIENCE, type JwksServer, newSigner, type Signer } from "../support/jwks-server.ts";
import type { Target } from "./target.ts";

const SITE = "default";
const SECRETS = [{ id: "1", secret: "a secret that only the fuzzer knows" }];
const PUBLISHERS_SECRET = "a secret that a publisher and the fuzzer share";
const NOW_MS = 1_750_000_000_000;

/** Only what this service signed itself is a voter's token, and only to the letter. */
export function voterTokens(): Target {
  const voters = new Voters(SECRETS);
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

/** The same of moderators' tokens; one that was revoked is nobody's any more. */
export async function moderatorTokens(redis: RedisConnection): Promise<Target> {
  const root = "the-token-that-came-with-the-service";
  const tokens = new Tokens(redis, root);
  const make = async (name: string): Promise<string> =>
    (await tokens.create({ name, scope: "read", site: undefined }, "root", NOW_MS)).token;
  const [one, other, revoked] = [await make("one"), await make("an-other"), await make("revoked")];
  await tokens.revoke("revoked");
  const names = new Map([
    [root, "root"],
    [one, "one"],
    [other, "an-other"],
  ]);
  return {
    examples: [root, one, other, revoked],
    run: async (input) => {
      const found = await tokens.find(input);
      if (found?.name !== names.get(input)) throw new Error("not whom it was given to");
    },
  };
}

/** A page that has no votes takes one only with the publisher's signature of that very page. */
export function pageSignatures(redis: RedisConnection): Target {
  const keys = ["a key of the publisher", "an older key of theirs"];
  const site = { ...OPEN_SITE, pages: { open: "signed", keys } } as const;
  const desk = { pageStates: new PageStates(redis), newPages: undefined };
  const sign = (key: string, page: string): string =>
    createHmac("sha256", key).update(page).digest("base64url");
  const vote = (page: string, signature?: string): string =>
    JSON.stringify({ page, reaction: "great", signature });
  return {
    examples: [
      ...keys.map((key) => vote("p", sign(key, "p"))),
      vote("q", sign("a key of somebody else", "q")),
      vote("q"),
    ],
    run: async (input) => {
      try {
        const request = parseVoteRequest(JSON.parse(input));
        await checkPage(desk, site, request, "203.0.113.1");
        const { page, signature = "" } = request;
        if (!keys.some((key) => sign(key, page) === signature)) throw new Error("a page that nobody signed");
      } catch (error) {
        if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error;
      }
    },
  };
}

/** A solution is of a puzzle that was asked, and good once. */
export async function solvedPuzzles(redis: RedisConnection): Promise<Target> {
  const puzzles = new Puzzles(SECRETS, redis, openMetrics(), () => NOW_MS);
  const solve = async (site: string): Promise<unknown> => {
    const cause = { puzzle: await puzzles.ask(site, 1) };
    return await askWithSolution(async (body) => body, new Error("asked", { cause }));
  };
  const solved = [await solve(SITE), await solve(SITE), await solve(SITE), await solve("other")]
    .map((sent) => (isObject(sent) ? sent.solution : undefined))
    .filter(isObject);
  // The last one is another site's, and never good here.
  const unused = new Set(solved.slice(0, -1).map(({ signature }) => signature));
  return {
    examples: solved.map((solution) => JSON.stringify(solution)),
    run: async (input) => {
      let value: unknown;
      try {
        value = JSON.parse(input);
      } catch {
        return;
      }
      const taken = await puzzles.redeem(SITE, value);
      if (taken && !(isObject(value) && unused.delete(value.signature)))
        throw new Error("a solution of no puzzle, or of one that was solved");
    },
  };
}

/** Tokens of accounts that a publisher signs with a secret it shares. */
export async function sharedSecretAccounts(): Promise<Target> {
  const rule = {
    audience: AUDIENCE,
    clockSkewSeconds: 60,
    keys: [{ algorithm: "HS256", secret: PUBLISHERS_SECRET }],
  } as const;
  const sign = (subject: string, audience: string, ends_s: number): Promise<string> =>
    new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(subject)
      .setAudience(audience)
      .setExpirationTime(ends_s)
      .sign(Buffer.from(PUBLISHERS_SECRET));
  const genuine = await sign("reader", AUDIENCE, NOW_MS / 1_000 + 600);
  const accounts = new AccountTokens(
    rule,
    (subject) => subject,
    false,
    () => {},
  );
  return accountTokens(
    accounts,
    NOW_MS,
    [genuine],
    [
      await sign("reader", "elsewhere", NOW_MS / 1_000 + 600),
      await sign("reader", AUDIENCE, NOW_MS / 1_000 - 600),
    ],
  );
}

/**
 * Those that it signs with keys whose public halves it shows, of each algorithm.
 * @param publisher shows what it is told here
 */
export async function publishedKeyAccounts(publisher: JwksServer): Promise<Target> {
  const signers = await Promise.all([
    newSigner("RS256", "rsa"),
    newSigner("ES256", "ec"),
    newSigner("EdDSA", "ed"),
  ]);
  publisher.show(...signers);
  const accounts = new AccountTokens(
    {
      audience: AUDIENCE,
      clockSkewSeconds: 60,
      keys: [],
      jwks: { url: publisher.url, algorithms: ["RS256", "ES256", "EdDSA"] },
    },
    (subject) => subject,
    true,
    (reason) => {
      throw new Error(`the publisher was away: ${reason}`);
    },
  );
  const genuine = await Promise.all(signers.map((signer) => signer.sign()));
  const stranger = await newSigner("ES256", "ec");
  return accountTokens(accounts, Date.now(), genuine, [
    await stranger.sign(),
    ...(await Promise.all(signers.map((signer) => signer.sign({ aud: "elsewhere" })))),
    ...(await Promise.all(signers.map(takenForSecret))),
  ]);
}

/** A token signed with what everybody can read of a key, as if that were a secret. */
async function takenForSecret({ jwk }: Signer): Promise<string> {
  const kid = String(Reflect.get(jwk, "kid"));
  return await new SignJWT({ sub: "reader-42", aud: AUDIENCE })
    .setProtectedHeader({ alg: "HS256", kid })
    .setExpirationTime("1h")
    .sign(Buffer.from(JSON.stringify(jwk)));
}

function accountTokens(
  accounts: AccountTokens,
  now_ms: number,
  genuine: readonly string[],
  others: readonly string[],
): Target {
  const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
  return {
    examples: [...genuine, ...others, `${unsigned}.${genuine[0]?.split(".")[1]}.`],
    run: async (input) => {
      try {
        await accounts.identify(input, now_ms);
      } catch (error) {
        const refused = error instanceof Refusal && error.problem.code !== "accounts_unavailable";
        if (refused && !genuine.includes(input)) return;
        throw error;
      }
      // The last characters of base64url may differ and mean the same bytes.
      const [head, body] = input.split(".");
      if (!genuine.some((token) => token.startsWith(`${head}.${body}.`)))
        throw new Error("an account that no publisher named");
    },
  };
}
