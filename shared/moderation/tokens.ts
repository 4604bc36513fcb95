/**
 * Moderators' tokens in Redis: name, scope and a hash, never the token itself.
 *
 * The hash is a plain SHA-256: a token holds 256 random bits, so there is nothing to guess that salt or a slow hash would
 * protect, and a slow hash would let anybody burn our processor with wrong tokens.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { isObject } from "../contract/object.ts";
import { Refusal } from "../contract/problems.ts";
import {
  isScope,
  isTokenName,
  type NewToken,
  ROOT_TOKEN,
  type TokenInfo,
  type TokenRequest,
} from "../contract/tokens.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";

/** Hash of name → record, of all sites. */
const KEY = "tokens";

/** Past this many none is made: every request reads one, a list reads all. */
const TOKENS_MAX = 1_000;

/** The token's name is part of it, so that one field is read instead of all: `m1.<name>.<43 characters>`. */
const TOKEN = /^m1\.([a-z0-9-]{1,32})\.[A-Za-z0-9_-]{43}$/;

interface TokenRecord extends TokenInfo {
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
}

const NOBODY = digest("");

export class Tokens {
  readonly #redis: RedisConnection;
  readonly #root: Buffer | undefined;

  /**
   * @param redis a connection that fails fast
   * @param adminToken the built-in token named `root`; undefined: there is none
   */
  constructor(redis: RedisConnection, adminToken: string | undefined) {
    this.#redis = redis;
    this.#root = adminToken === undefined ? undefined : digest(adminToken);
  }

  /**
   * Whose token this is; undefined when it is nobody's. Compares in constant time, known name or not.
   * @throws what Redis said
   */
  async find(token: string): Promise<TokenInfo | undefined> {
    const hash = digest(token);
    if (this.#root !== undefined && timingSafeEqual(hash, this.#root)) {
      return { name: ROOT_TOKEN, scope: "admin" };
    }
    const name = TOKEN.exec(token)?.[1];
    const stored = name === undefined ? null : await this.#redis.hget(KEY, name);
    const record = stored === null ? undefined : parseRecord(stored);
    const expected = record === undefined ? NOBODY : Buffer.from(record.hash, "base64url");
    return timingSafeEqual(hash, expected) && record !== undefined ? infoOf(record) : undefined;
  }

  /**
   * Makes a token.
   * @param by name of the token that asks
   * @throws Refusal `token_exists` or `tokens_full`
   */
  async create({ name, scope, site }: TokenRequest, by: string, at: number): Promise<NewToken> {
    if ((await this.#redis.hlen(KEY)) >= TOKENS_MAX) throw new Refusal("tokens_full");
    const token = `m1.${name}.${randomBytes(32).toString("base64url")}`;
    const info: TokenInfo = { name, scope, at, by, ...(site === undefined ? {} : { site }) };
    const record: TokenRecord = { ...info, hash: digest(token).toString("base64url") };
    if ((await this.#redis.hsetnx(KEY, name, JSON.stringify(record))) === 0)
      throw new Refusal("token_exists");
    return { ...info, token };
  }

  /** All tokens by name, the built-in one first. */
  async list(): Promise<readonly TokenInfo[]> {
    const stored = await this.#redis.hvals(KEY);
    const records = stored.map(parseRecord).filter((record) => record !== undefined);
    const root: TokenInfo[] = this.#root === undefined ? [] : [{ name: ROOT_TOKEN, scope: "admin" }];
    return [...root, ...records.map(infoOf).sort((a, b) => (a.name < b.name ? -1 : 1))];
  }

  /**
   * Ends a token: from now on it is nobody's, in every process.
   * @throws Refusal `token_unknown`, or `token_builtin`
   */
  async revoke(name: string): Promise<TokenInfo> {
    if (name === ROOT_TOKEN) throw new Refusal("token_builtin");
    const stored = isTokenName(name) ? await this.#redis.hget(KEY, name) : null;
    const record = stored === null ? undefined : parseRecord(stored);
    if (record === undefined || (await this.#redis.hdel(KEY, name)) === 0) throw new Refusal("token_unknown");
    return infoOf(record);
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function infoOf({ hash: _, ...info }: TokenRecord): TokenInfo {
  return info;
}

function parseRecord(text: string): TokenRecord | undefined {
  const value: unknown = JSON.parse(text);
  if (!isObject(value)) return undefined;
  const { name, scope, site, at, by, hash } = value;
  if (!isTokenName(name) || !isScope(scope) || typeof hash !== "string") return undefined;
  if (typeof at !== "number" || typeof by !== "string") return undefined;
  return { name, scope, at, by, hash, ...(typeof site === "string" ? { site } : {}) };
}
