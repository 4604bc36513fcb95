/** Voters who signed in with their publisher: which account a token is of, site by site. */
import { createHmac } from "node:crypto";
import { Refusal } from "../contract/problems.ts";
import type { Config } from "../runtime/config.ts";
import type { Log } from "../runtime/log.ts";
import type { Site } from "../runtime/sites.ts";
import { AccountTokens } from "./account-tokens.ts";
import { deriveKey, type VoterId } from "./voters.ts";

interface SiteAccounts {
  readonly rule: string;
  readonly tokens: AccountTokens;
}

export class Accounts {
  readonly #nameKey: Buffer;
  readonly #jwksPrivate: boolean;
  readonly #log: Log;
  readonly #sites = new Map<string, SiteAccounts>();
  /** The same by the settings' object, which is another after each change. */
  readonly #bySite = new WeakMap<Site, AccountTokens>();

  constructor({ nameSecret, jwksPrivate }: Pick<Config, "nameSecret" | "jwksPrivate">, log: Log) {
    if (nameSecret === undefined) throw new RangeError("a secret is needed");
    this.#nameKey = deriveKey(nameSecret, "account");
    this.#jwksPrivate = jwksPrivate;
    this.#log = log;
  }

  /**
   * The voter that an account is on a site: a keyed hash of site and `sub`, longer than any anonymous voter's id and with a
   * character that those do not have, so that none can be both.
   * @param now_ms Unix ms
   * @throws Refusal `account_refused` on a site without accounts; `account_invalid`, `account_expired`, `accounts_unavailable`
   */
  async identify(site: Site, token: string, now_ms: number): Promise<VoterId> {
    return await this.#tokensOf(site).identify(token, now_ms);
  }

  /** Forgets the tokens that were not verified anew since the last time. */
  age(): void {
    for (const { tokens } of this.#sites.values()) tokens.age();
  }

  #tokensOf(site: Site): AccountTokens {
    const known = this.#bySite.get(site);
    if (known !== undefined) return known;
    const { accounts } = site.voters;
    if (accounts === undefined) throw new Refusal("account_refused");
    // Keys that were fetched are kept through changes that are not about accounts.
    const rule = JSON.stringify(accounts);
    const before = this.#sites.get(site.id);
    const nameOf = (subject: string): VoterId =>
      `account:${createHmac("sha256", this.#nameKey).update(`${site.id}\n${subject}`).digest("base64url")}`;
    const onAway = (reason: string): void =>
      this.#log.warn({ site: site.id, reason }, "the publisher's keys cannot be fetched");
    const tokens =
      before?.rule === rule ? before.tokens : new AccountTokens(accounts, nameOf, this.#jwksPrivate, onAway);
    this.#sites.set(site.id, { rule, tokens });
    this.#bySite.set(site, tokens);
    return tokens;
  }
}
