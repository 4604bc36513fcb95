/** One reader of one site: what `reader-reactions/client` is for. */
import { isNewer, type PageCounts, parsePageCounts } from "../contract/counts.ts";
import { isObject } from "../contract/object.ts";
import { isPageId, PAGES_MAX } from "../contract/page-id.ts";
import { isSiteId } from "../contract/site-id.ts";
import { isVoterToken } from "../contract/voter-token.ts";
import type { VoteReceipt } from "../contract/votes.ts";
import { keepVoter, type VoterStore } from "./keep-voter.ts";
import type { Live, LiveParts } from "./live.ts";
import { ANSWER_MS_MAX, request } from "./request.ts";
import { errorOf, isRetryable, ServiceError, unreachable } from "./service-error.ts";

export interface ReactionsOptions {
  /** Where the service is, as in `https://reactions.example` or `https://news.example/reactions`. */
  readonly endpoint: string;
  /** Id of the publication; `default` when left out. */
  readonly site?: string;
  /** Where the voter's token is kept: localStorage where there is one, else memory. */
  readonly voter?: VoterStore;
}

const LIVE_PARTS: LiveParts = {
  parsePageCounts,
  isNewer,
  errorOf,
  isRetryable,
  unreachable,
  ANSWER_MS_MAX,
  PAGES_MAX,
};

/** nginx takes request lines of 8 kB unless told otherwise. */
const QUERY_CHARACTERS_MAX = 7_000;

export class Reactions {
  readonly #root: string;
  readonly #voter: VoterStore;
  readonly #openLive: () => Promise<Live>;
  #asked: Promise<string> | undefined;
  #loading: Promise<Live> | undefined;
  #live: Live | undefined;

  /** @throws ServiceError `site_unknown` when no site can have this id; TypeError when the endpoint is no URL */
  constructor({ endpoint, site = "default", voter = keepVoter(site) }: ReactionsOptions) {
    if (!isSiteId(site)) throw new ServiceError("site_unknown", "There is no such site here.", 404, false);
    const base = new URL(endpoint).href.replace(/\/$/, "");
    this.#root = `${base}/v1/sites/${site}`;
    this.#voter = voter;
    this.#openLive = async () => new (await import("./live.ts")).Live(base, site, LIVE_PARTS);
  }

  /**
   * The counts of pages, in the order asked; as many requests as their names need, usually one.
   * @throws ServiceError
   */
  async counts(pages: readonly string[]): Promise<readonly PageCounts[]> {
    const answers = await Promise.all(
      queriesOf(pages).map((query) => request(`${this.#root}/counts?${query}`)),
    );
    return answers.flatMap(pagesOf).map((page) => parsePageCounts(page) ?? fail());
  }

  /**
   * What this voter holds on each of `pages`; nothing is asked for a voter without a token.
   * @throws ServiceError
   */
  async mine(pages: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const token = this.#voter.get();
    if (token === null) return new Map(pages.map((page) => [page, null]));
    const init = { headers: { authorization: `Bearer ${token}` } };
    const answers = await Promise.all(
      queriesOf(pages).map((query) => request(`${this.#root}/mine?${query}`, init)),
    );
    return new Map(answers.flatMap(pagesOf).map(heldOf));
  }

  /**
   * This voter's token; taken from the service once, then kept. Whoever has it before the first vote can send any vote again.
   * @throws ServiceError
   */
  async voter(): Promise<string> {
    const kept = this.#voter.get();
    if (kept !== null) return kept;
    this.#asked ??= this.#newVoter().finally(() => {
      this.#asked = undefined;
    });
    return await this.#asked;
  }

  /**
   * Says which reaction the voter holds on a page; null withdraws. Resolves once the vote is on disk. A vote is a state, so
   * after any failure it is safe to send it again. Goes over the socket when one is open.
   * @throws ServiceError
   */
  async vote(page: string, reaction: string | null): Promise<VoteReceipt> {
    const voter = await this.voter();
    try {
      return receiptOf(page, reaction, await this.#send({ page, reaction, voter }));
    } catch (error) {
      // A token that the service knows no more is worth nothing: the next try begins with a new one.
      if (!(error instanceof ServiceError) || error.code !== "voter_invalid") throw error;
      if (this.#voter.get() === voter) this.#voter.set(null);
      return receiptOf(page, reaction, await this.#send({ page, reaction, voter: await this.voter() }));
    }
  }

  /**
   * Hears the counts of pages now and whenever they change, through every reconnect. All watchers share one socket, which
   * watches at most 100 pages: `hear` is not called for more, nor for what is no page id.
   * @param hear called with counts newer than what it heard before
   * @returns ends it; with the last watcher the socket closes
   */
  watch(pages: readonly string[], hear: (counts: PageCounts) => void): () => void {
    let leave: (() => void) | undefined;
    let left = false;
    this.#loading ??= this.#openLive();
    this.#loading.then(
      (live) => {
        this.#live = live;
        if (!left) leave = live.watch(pages.filter(isPageId), hear);
      },
      // The code could not be loaded; whoever watches next tries again.
      () => {
        this.#loading = undefined;
      },
    );
    return () => {
      left = true;
      leave?.();
    };
  }

  /** Closes the socket until `wake`: for tabs that nobody sees. Watchers stay. */
  rest(): void {
    this.#live?.rest();
  }

  /** Opens the socket again; watchers hear what they missed. */
  wake(): void {
    this.#live?.wake();
  }

  async #newVoter(): Promise<string> {
    const url = `${this.#root}/voters`;
    const body = await (this.#live?.ask("voter", {}) ?? request(url, { method: "POST" }));
    if (!isObject(body) || !isVoterToken(body.voter)) throw unreachable();
    this.#voter.set(body.voter);
    return body.voter;
  }

  async #send(vote: object): Promise<unknown> {
    const asked = this.#live?.ask("vote", vote);
    if (asked !== undefined) return await asked;
    return await request(`${this.#root}/votes`, {
      method: "POST",
      // Needs no preflight on another origin.
      headers: { "content-type": "text/plain" },
      body: JSON.stringify(vote),
      // A reader who votes and leaves in the same moment has voted.
      keepalive: true,
    });
  }
}

/** Splits pages into queries that the service and the proxies in front take. */
function queriesOf(pages: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let names = 0;
  for (const page of pages) {
    const pair = `page=${encodeURIComponent(page)}`;
    const last = queries.at(-1);
    if (last !== undefined && names < PAGES_MAX && last.length + pair.length < QUERY_CHARACTERS_MAX) {
      queries[queries.length - 1] = `${last}&${pair}`;
      names++;
    } else {
      queries.push(pair);
      names = 1;
    }
  }
  return queries;
}

function pagesOf(body: unknown): readonly unknown[] {
  return isObject(body) && Array.isArray(body.pages) ? body.pages : fail();
}

function heldOf(entry: unknown): readonly [string, string | null] {
  if (!isObject(entry)) return fail();
  const { page, reaction } = entry;
  if (typeof page !== "string") return fail();
  return [page, typeof reaction === "string" ? reaction : null];
}

function receiptOf(page: string, reaction: string | null, body: unknown): VoteReceipt {
  return isObject(body) && typeof body.at === "number" ? { page, reaction, at: body.at } : fail();
}

function fail(): never {
  throw errorOf(undefined, 502);
}
