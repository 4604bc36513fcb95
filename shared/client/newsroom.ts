/** What a newsroom reads: hot pages, timelines, counts. */
import { type Alert, parseAlerts } from "../contract/alerts.ts";
import { type PageCounts, parsePageCounts } from "../contract/counts.ts";
import { type HotPage, type HotWindow, parseHotPages } from "../contract/hot.ts";
import { isObject } from "../contract/object.ts";
import { listOf } from "../contract/sources.ts";
import { parseSystemState, type SystemState } from "../contract/system.ts";
import { parseTimeline, type Timeline, type TimelineStep } from "../contract/timeline.ts";
import { type Delivery, parseDelivery, parseWebhook, type Webhook } from "../contract/webhooks.ts";
import { request } from "./request.ts";
import { ServiceError } from "./service-error.ts";

export interface NewsroomOptions {
  /** Where the service is, as in `https://votes.example`. */
  readonly endpoint: string;
  readonly site: string;
  /** A moderator's token of scope `read`. */
  readonly token: string;
}

/** Which list. */
export interface HotQuery {
  readonly window: HotWindow;
  /** Pages by this reaction alone. */
  readonly reaction?: string | undefined;
  /** 1 to 50. */
  readonly limit: number;
}

/** Which timeline; without a page the whole site's. Times in Unix ms. */
export interface TimelineQuery {
  readonly page?: string | undefined;
  readonly from: number;
  /** Default: now, and then the last point holds the counts of this moment. */
  readonly to?: number | undefined;
  readonly step: TimelineStep;
}

export class Newsroom {
  readonly #root: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ endpoint, site, token }: NewsroomOptions) {
    this.#root = `${endpoint.replace(/\/+$/, "")}/v1/sites/${encodeURIComponent(site)}/`;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  /**
   * The hottest pages, hottest first.
   * @throws ServiceError, like every method here
   */
  async hot({ window, reaction, limit }: HotQuery): Promise<readonly HotPage[]> {
    const query = { window, limit: String(limit), ...(reaction === undefined ? {} : { reaction }) };
    return await this.#read("hot", query, parseHotPages);
  }

  /** How counts became what they are. */
  async timeline({ page, from, to, step }: TimelineQuery): Promise<Timeline> {
    const span = { from: String(from), step, ...(to === undefined ? {} : { to: String(to) }) };
    return await this.#read("timeline", { ...span, ...(page === undefined ? {} : { page }) }, parseTimeline);
  }

  /** The counts of one page, without becoming one of its viewers. */
  async counts(page: string): Promise<PageCounts> {
    return await this.#read("counts", { page }, (answer) =>
      isObject(answer) ? listOf(answer.pages, parsePageCounts)?.[0] : undefined,
    );
  }

  /** What should be looked at, newest first. */
  async alerts(): Promise<readonly Alert[]> {
    return await this.#read("alerts", {}, parseAlerts);
  }

  /** Whom alerts are sent to. */
  async webhooks(): Promise<readonly Webhook[]> {
    return await this.#read("webhooks", {}, (answer) =>
      isObject(answer) ? listOf(answer.webhooks, parseWebhook) : undefined,
    );
  }

  /** How sending them went, newest first. */
  async deliveries(): Promise<readonly Delivery[]> {
    return await this.#read("webhooks/deliveries", {}, (answer) =>
      isObject(answer) ? listOf(answer.deliveries, parseDelivery) : undefined,
    );
  }

  /** How the whole service is. */
  async system(): Promise<SystemState> {
    return await this.#read("system", {}, parseSystemState);
  }

  async #read<Value>(
    path: string,
    query: Readonly<Record<string, string>>,
    parse: (answer: unknown) => Value | undefined,
  ): Promise<Value> {
    const answer = await request(`${this.#root}${path}?${new URLSearchParams(query)}`, {
      headers: this.#headers,
    });
    const value = parse(answer);
    if (value === undefined)
      throw new ServiceError("answer_unknown", "What answers is not this service.", 0, false);
    return value;
  }
}
