/**
 * All that a moderator can do, from a script in Node or a browser:
 *
 *   const moderation = new Moderation({ endpoint: "https://votes.example", site: "news", token });
 *   const { id } = await moderation.order({ order: "purge", page, source: "9f86d0", reason: "a raid" });
 *   console.log((await moderation.waitFor(id)).result?.votes);
 */
import {
  type ImportAnswer,
  type PageBase,
  parseImportAnswer,
  parsePageBase,
} from "../contract/import-answers.ts";
import { isObject } from "../contract/object.ts";
import { type AuditEntry, type Order, parseAuditEntry, parseOrder } from "../contract/order-answers.ts";
import type { OrderRequest } from "../contract/orders.ts";
import { parseServiceState, type ServiceState } from "../contract/service-state.ts";
import { parseSiteAnswer, type SiteAnswer, type SiteSettings } from "../contract/sites.ts";
import { listOf, parseSources, parseSuspect, type SourcesAnswer, type Suspect } from "../contract/sources.ts";
import { isScope, type NewToken, type TokenInfo, type TokenRequest } from "../contract/tokens.ts";
import { parseWebhook, type SavedWebhook, type Webhook } from "../contract/webhooks.ts";
import {
  ModeratorCalls,
  type ModeratorReach,
  parsed,
  parsedJson,
  type SendInit,
  unknownAnswer,
} from "./moderator-calls.ts";

export interface ModerationOptions extends ModeratorReach {
  /** Default: `default`. */
  readonly site?: string;
}

/** A page of the publisher, for the list of known pages. */
export interface PageEntry {
  readonly page: string;
  readonly title: string;
  readonly url: string;
  /** Unix ms. */
  readonly published?: number | undefined;
}

/** Which lines of the audit: those after an id, or those before one, or (neither) the newest. */
export interface AuditQuery {
  readonly after?: string;
  readonly before?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
}

/** Told how far an order is. */
export type OnProgress = (order: Order) => void;

/** Pause between two looks at an order that is not done; a short order is seen at the first or second. */
const FIRST_LOOK_MS = 25;
const LOOKS_MS_MAX = 1_000;

/** Seconds that one request waits for news of the audit. */
const FOLLOW_S = 10;

export class Moderation {
  readonly #calls: ModeratorCalls;
  readonly #site: string;

  constructor({ site = "default", ...reach }: ModerationOptions) {
    this.#calls = new ModeratorCalls(reach);
    this.#site = `/v1/sites/${encodeURIComponent(site)}`;
  }

  /**
   * Gives an order; resolves once it is stored, with its id.
   * @throws ServiceError, like every method here: with the service's code; `unreachable` when no answer came;
   *   `answer_unknown` when what answers is not this service
   */
  async order(request: OrderRequest): Promise<{ readonly id: string }> {
    return idOf(await this.#calls.json("POST", `${this.#site}/orders`, request));
  }

  /** How far an order is, and what it did. */
  async orderOf(id: string): Promise<Order> {
    return parsed(
      await this.#calls.json("GET", `${this.#site}/orders/${encodeURIComponent(id)}`),
      parseOrder,
    );
  }

  /** The newest orders, newest first: at most 100. */
  async orders(limit = 20): Promise<readonly Order[]> {
    const answer = await this.#calls.json("GET", `${this.#site}/orders?limit=${limit}`);
    return parsed(answer, (value) => (isObject(value) ? listOf(value.orders, parseOrder) : undefined));
  }

  /** Resolves when the order is done or has failed; `onProgress` hears of it meanwhile. */
  async waitFor(id: string, onProgress: OnProgress = () => {}, signal?: AbortSignal): Promise<Order> {
    for (let look_ms = FIRST_LOOK_MS; ; look_ms = Math.min(look_ms * 2, LOOKS_MS_MAX)) {
      signal?.throwIfAborted();
      const order = await this.orderOf(id);
      onProgress(order);
      if (order.state === "done" || order.state === "failed") return order;
      await new Promise((resolve) => setTimeout(resolve, look_ms));
    }
  }

  /** Restores what a reset, a purge or a ban took; resolves to the id of the order that does it. */
  async undo(id: string): Promise<{ readonly id: string }> {
    return idOf(await this.#calls.json("POST", `${this.#site}/orders/${encodeURIComponent(id)}/undo`));
  }

  /** Lines of the audit in the order in which they were written. */
  async audit(query: AuditQuery = {}): Promise<readonly AuditEntry[]> {
    return this.#auditLines(query, {});
  }

  /**
   * Lines of the audit as they are written, without end.
   * @param after begin after this line; default: with the next one to be written
   */
  async *followAudit(after?: string, signal?: AbortSignal): AsyncGenerator<AuditEntry, void> {
    let last = after ?? (await this.audit({ limit: 1 }))[0]?.id ?? "0-0";
    while (signal?.aborted !== true) {
      const lines = await this.#auditLines({ after: last }, { prefer: `wait=${FOLLOW_S}` }, signal);
      yield* lines;
      last = lines.at(-1)?.id ?? last;
    }
  }

  /** Where the votes of a page came from. */
  async sources(page: string): Promise<SourcesAnswer> {
    const query = new URLSearchParams({ page });
    return parsed(await this.#calls.json("GET", `${this.#site}/sources?${query}`), parseSources);
  }

  /** Pages whose recent votes look sent by few or by a machine, and pages that hold votes, worst first. */
  async suspects(): Promise<readonly Suspect[]> {
    const answer = await this.#calls.json("GET", `${this.#site}/suspects`);
    return parsed(answer, (value) => (isObject(value) ? listOf(value.suspects, parseSuspect) : undefined));
  }

  /** Registers pages with title and URL. */
  async putPages(pages: readonly PageEntry[]): Promise<void> {
    await this.#calls.json("PUT", `${this.#site}/pages`, { pages });
  }

  /** All pages that were registered, by id, asked for part by part. */
  async *pages(): AsyncGenerator<PageEntry, void> {
    for (let cursor = ""; ; ) {
      const query = new URLSearchParams({ limit: "500", cursor });
      const answer = await this.#calls.json("GET", `${this.#site}/pages?${query}`);
      if (!isObject(answer)) unknownAnswer();
      yield* listOf(answer.pages, parsePageEntry) ?? unknownAnswer();
      if (typeof answer.cursor !== "string") return;
      cursor = answer.cursor;
    }
  }

  /** Makes a moderator's token (scope `admin`). */
  async createToken(request: TokenRequest): Promise<NewToken> {
    return parsed(await this.#calls.json("POST", "/v1/tokens", request), (value) => {
      const info = parseToken(value);
      const token = isObject(value) ? value.token : undefined;
      return info === undefined || typeof token !== "string" ? undefined : { ...info, token };
    });
  }

  /** All moderators' tokens, without their secrets. */
  async tokens(): Promise<readonly TokenInfo[]> {
    const answer = await this.#calls.json("GET", "/v1/tokens");
    return parsed(answer, (value) => (isObject(value) ? listOf(value.tokens, parseToken) : undefined));
  }

  /** Ends a moderator's token. */
  async revokeToken(name: string): Promise<void> {
    await this.#calls.json("DELETE", `/v1/tokens/${encodeURIComponent(name)}`);
  }

  /** All sites that are served, by id (like the three below: a token of scope `admin` that works on all sites). */
  async sites(): Promise<readonly SiteAnswer[]> {
    const answer = await this.#calls.json("GET", "/v1/sites");
    return parsed(answer, (value) => (isObject(value) ? listOf(value.sites, parseSiteAnswer) : undefined));
  }

  /** One site. */
  async site(id: string): Promise<SiteAnswer> {
    return parsed(await this.#calls.json("GET", `/v1/sites/${encodeURIComponent(id)}`), parseSiteAnswer);
  }

  /** Makes a site or changes one. Secrets that `settings` leave out stay as they are. */
  async putSite(id: string, settings: SiteSettings): Promise<SiteAnswer> {
    return parsed(
      await this.#calls.json("PUT", `/v1/sites/${encodeURIComponent(id)}`, settings),
      parseSiteAnswer,
    );
  }

  /** Has a site be served no more; what is kept of it stays. */
  async removeSite(id: string): Promise<void> {
    await this.#calls.json("DELETE", `/v1/sites/${encodeURIComponent(id)}`);
  }

  /** Whom the site's alerts are sent to, by name. */
  async webhooks(): Promise<readonly Webhook[]> {
    const answer = await this.#calls.json("GET", `${this.#site}/webhooks`);
    return parsed(answer, (value) => (isObject(value) ? listOf(value.webhooks, parseWebhook) : undefined));
  }

  /**
   * Makes a webhook, or changes one (like the two below: scope `admin`).
   * @param request `url`, and if others than usual `format`, `kinds`, `thresholds`; the service checks them
   * @returns with the secret when the webhook is new
   */
  async putWebhook(name: string, request: Readonly<Record<string, unknown>>): Promise<SavedWebhook> {
    return parsed(await this.#calls.json("PUT", this.#webhook(name), request), parseWebhook);
  }

  /** Gives a webhook a new secret, which is told this once; for a day the one before signs beside it. */
  async replaceWebhookSecret(name: string): Promise<SavedWebhook> {
    return parsed(await this.#calls.json("POST", `${this.#webhook(name)}/secret`), parseWebhook);
  }

  /** Sends a webhook nothing more. */
  async removeWebhook(name: string): Promise<void> {
    await this.#calls.json("DELETE", this.#webhook(name));
  }

  /**
   * The whole site as lines of `shared/contract/export.ts`; the last one tells that nothing is missing. Read it as it comes:
   * the service sends no more than that.
   */
  async exportSite(signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#calls.send(
      "GET",
      `${this.#site}/export`,
      signal === undefined ? {} : { signal },
    );
    return response.body ?? unknownAnswer();
  }

  /**
   * Takes an export back in (scope `admin`). Votes are states, so doing it twice changes nothing.
   * @param lines the export's bytes
   * @param fromLine go on after an import that ended there: earlier votes are checked only
   * @throws ImportError, with the line at which it ended
   */
  async importSite(
    lines: ReadableStream<Uint8Array>,
    { fromLine = 1, signal }: { readonly fromLine?: number; readonly signal?: AbortSignal } = {},
  ): Promise<ImportAnswer> {
    const init: SendInit = {
      body: lines,
      // A body that is sent while it is read goes one way only (Fetch standard).
      duplex: "half",
      headers: { "content-type": "application/x-ndjson" },
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await this.#calls.send("POST", `${this.#site}/import?fromLine=${fromLine}`, init);
    return parsed(parsedJson(await response.text()), parseImportAnswer);
  }

  /** The base counts of pages, in the order asked: totals that an import brought without voters. At most 100 pages. */
  async bases(pages: readonly string[]): Promise<readonly PageBase[]> {
    const query = new URLSearchParams(pages.map((page) => ["page", page]));
    const answer = await this.#calls.json("GET", `${this.#site}/base?${query}`);
    return parsed(answer, (value) => (isObject(value) ? listOf(value.pages, parsePageBase) : undefined));
  }

  /** Takes a page's base count out of its totals, for good. */
  async removeBase(page: string): Promise<void> {
    await this.#calls.json("DELETE", `${this.#site}/base?${new URLSearchParams({ page })}`);
  }

  /**
   * Erases every record of a voter, on all pages, for good; totals follow within moments.
   * @param voter the voter's own token: only whoever has it may ask for this
   */
  async forgetVoter(voter: string): Promise<void> {
    await this.#calls.json("DELETE", `${this.#site}/voters/self`, undefined, {
      authorization: `Bearer ${voter}`,
    });
  }

  /** How the service itself is: its Redis, clock and backlog. */
  async state(): Promise<ServiceState> {
    return parsed(await this.#calls.json("GET", `${this.#site}/state`), parseServiceState);
  }

  #webhook(name: string): string {
    return `${this.#site}/webhooks/${encodeURIComponent(name)}`;
  }

  async #auditLines(
    query: AuditQuery,
    headers: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<readonly AuditEntry[]> {
    const named = Object.entries(query).map(([name, value]) => [name, String(value)]);
    const path = `${this.#site}/audit?${new URLSearchParams(named)}`;
    const answer = await this.#calls.json("GET", path, undefined, headers, signal);
    return parsed(answer, (value) => (isObject(value) ? listOf(value.entries, parseAuditEntry) : undefined));
  }
}

function idOf(answer: unknown): { readonly id: string } {
  return parsed(answer, (value) =>
    isObject(value) && typeof value.id === "string" ? { id: value.id } : undefined,
  );
}

function parsePageEntry(value: unknown): PageEntry | undefined {
  if (!isObject(value)) return undefined;
  const { page, title, url, published } = value;
  if (typeof page !== "string" || typeof title !== "string" || typeof url !== "string") return undefined;
  return typeof published === "number" ? { page, title, url, published } : { page, title, url };
}

function parseToken(value: unknown): TokenInfo | undefined {
  if (!isObject(value)) return undefined;
  const { name, scope, site, at, by } = value;
  if (typeof name !== "string" || !isScope(scope)) return undefined;
  return {
    name,
    scope,
    ...(typeof site === "string" ? { site } : {}),
    ...(typeof at === "number" ? { at } : {}),
    ...(typeof by === "string" ? { by } : {}),
  };
}
