/** Votes and counts over HTTP: the part of the client that a page needs first. */
import { type PageCounts, parsePageCounts } from "../contract/counts.ts";
import { isObject } from "../contract/object.ts";
import { PAGES_MAX } from "../contract/page-id.ts";
import { isSiteId } from "../contract/site-id.ts";
import { isVoterToken } from "../contract/voter-token.ts";
import type { VoteReceipt } from "../contract/votes.ts";
import { keepVoter, type VoterStore } from "./keep-voter.ts";
import { request } from "./request.ts";
import { errorOf, ServiceError, toServiceError, unreachable } from "./service-error.ts";

export interface ReactionsOptions {
  /** Where the service is, as in `https://reactions.example` or `https://news.example/reactions`. */
  readonly endpoint: string;
  /** Id of the publication; `default` when left out. */
  readonly site?: string;
  /** Where the voter's token is kept: localStorage where there is one, else memory. */
  readonly voter?: VoterStore;
}

/** A faster road than HTTP for small messages, while it is open. */
export interface FastRoad {
  /** Sends an event. Resolves to its ack as it came; undefined when the road is closed, or none came. */
  ask(event: "voter" | "vote", payload: object): Promise<unknown> | undefined;
}

/** nginx takes request lines of 8 kB unless told otherwise. */
const QUERY_CHARACTERS_MAX = 7_000;

export class HttpReactions {
  /** Without a slash at its end. */
  readonly endpoint: string;
  readonly site: string;
  /** Where the voter's token is kept; another one while an account votes (account.ts). */
  keeper: VoterStore;
  /** Taken when it is open. */
  road: FastRoad | undefined;
  /** For the socket's part, which comes later and need not hold it again. */
  readonly parseCounts = parsePageCounts;
  readonly #root: string;
  #asked: Promise<string> | undefined;

  /** @throws ServiceError `site_unknown` when no site can have this id; TypeError when the endpoint is no URL */
  constructor({ endpoint, site = "default", voter = keepVoter(site) }: ReactionsOptions) {
    if (!isSiteId(site)) throw new ServiceError("site_unknown", "No such site", 404, false);
    this.endpoint = new URL(endpoint).href.replace(/\/$/, "");
    this.site = site;
    this.#root = `${this.endpoint}/v1/sites/${site}/`;
    this.keeper = voter;
  }

  /**
   * The counts of pages, in the order asked.
   * @throws ServiceError
   */
  async counts(pages: readonly string[]): Promise<readonly PageCounts[]> {
    return (await this.read("counts", pages)).map((entry) => parsePageCounts(entry) ?? fail());
  }

  /**
   * What a route says of pages, unchecked; as many requests as their names need, usually one.
   * @throws ServiceError
   */
  async read(
    route: "counts" | "mine",
    pages: readonly string[],
    init?: RequestInit,
  ): Promise<readonly unknown[]> {
    const answers = queriesOf(pages).map((query) => request(`${this.#root}${route}?${query}`, init));
    return (await Promise.all(answers)).flatMap(pagesOf);
  }

  /** The voter's token that is kept here; null before there is one. */
  get token(): string | null {
    return this.keeper.get();
  }

  /**
   * This voter's token; taken from the service once, then kept. Whoever has it before the first vote can send any vote again.
   * @throws ServiceError
   */
  async voter(): Promise<string> {
    const kept = this.token;
    if (kept !== null) return kept;
    this.#asked ??= this.#newVoter().finally(() => {
      this.#asked = undefined;
    });
    return await this.#asked;
  }

  /**
   * Says which reaction the voter holds on a page; null withdraws. Resolves once the vote is on disk. A vote is a state, so
   * after any failure it is safe to send it again. Goes over the socket when one is open, and over HTTP when no answer comes
   * there.
   * @param signature the publisher's signature of the page, where the site wants one
   * @throws ServiceError
   */
  async vote(page: string, reaction: string | null, signature?: string): Promise<VoteReceipt> {
    const cast = async (voter: string) => {
      const body = await this.#send("vote", { page, reaction, voter, signature });
      return isObject(body) && typeof body.at === "number" ? { page, reaction, at: body.at } : fail();
    };
    const voter = await this.voter();
    try {
      return await cast(voter);
    } catch (error) {
      // A token that the service knows no more is worth nothing: the next try begins with a new one.
      if (toServiceError(error).code !== "voter_invalid") throw error;
      if (this.token === voter) this.keeper.set(null);
      return await cast(await this.voter());
    }
  }

  /**
   * Sends something to a route of the site, over HTTP.
   * @throws ServiceError
   */
  async post(route: string, body: object): Promise<unknown> {
    return await request(this.#root + route, {
      method: "POST",
      // A string goes as text/plain, which needs no preflight on another origin (Fetch standard, "CORS-safelisted").
      body: JSON.stringify(body),
      // A reader who votes and leaves in the same moment has voted.
      keepalive: true,
    });
  }

  async #newVoter(): Promise<string> {
    const ask = (body: object) => this.#send("voter", body);
    const body = await ask({}).catch(async (error) => {
      // Asked for while many new voters come: proof of work, in a part of its own.
      if (!/^puzzle/.test(error.code)) throw error;
      return (await import("./solve-puzzle.ts")).askWithSolution(ask, error);
    });
    const token = isObject(body) && body.voter;
    if (!isVoterToken(token)) fail();
    this.keeper.set(token);
    return token;
  }

  async #send(event: "voter" | "vote", body: object): Promise<unknown> {
    const ack = await this.road?.ask(event, body);
    // Whatever became of it there: what may be sent over either road may be sent again.
    if (!isObject(ack)) return await this.post(`${event}s`, body);
    if (ack.ok === true) return ack;
    throw errorOf(ack.problem, 503);
  }
}

/** Splits pages into queries that the service and the proxies in front take. */
function queriesOf(pages: readonly string[]): readonly string[] {
  const queries: string[] = [];
  let room = 0;
  for (const page of pages) {
    const pair = `page=${encodeURIComponent(page)}`;
    // A short name costs as much as leaves room for as many names as one request may hold.
    const cost = Math.max(pair.length + 1, QUERY_CHARACTERS_MAX / PAGES_MAX);
    if (room < cost) {
      queries.push(pair);
      room = QUERY_CHARACTERS_MAX;
    } else queries[queries.length - 1] += `&${pair}`;
    room -= cost;
  }
  return queries;
}

function pagesOf(body: unknown): readonly unknown[] {
  return isObject(body) && Array.isArray(body.pages) ? body.pages : fail();
}

function fail(): never {
  throw unreachable();
}
