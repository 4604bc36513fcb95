/** One reader of one site, with live counts: what `reader-reactions/client` is for. */
import type { PageCounts } from "../contract/counts.ts";
import { parseLabels, type SiteReactions } from "../contract/labels.ts";
import { isObject } from "../contract/object.ts";
import { isReactionName } from "../contract/reactions.ts";
import { moveToAccount, useAccount } from "./account.ts";
import { HttpReactions, type ReactionsOptions } from "./http-reactions.ts";
import { LiveRoad } from "./live-road.ts";
import { readMine } from "./read-mine.ts";
import { request } from "./request.ts";
import { unreachable } from "./service-error.ts";

export class Reactions extends HttpReactions {
  readonly #live: LiveRoad;

  /** @throws ServiceError `site_unknown` when no site can have this id; TypeError when the endpoint is no URL */
  constructor(options: ReactionsOptions) {
    super(options);
    this.#live = new LiveRoad(this);
    this.road = this.#live;
  }

  /**
   * What this voter holds on each of `pages`; nothing is asked for a voter without a token.
   * @throws ServiceError
   */
  async mine(pages: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    return await readMine(this, pages);
  }

  /**
   * The site's reactions, in the order of its buttons, and what the site calls them, by language.
   * @throws ServiceError
   */
  async reactions(): Promise<SiteReactions> {
    const answer = await request(`${this.endpoint}/v1/sites/${this.site}/reactions`);
    const names: unknown = isObject(answer) ? answer.reactions : undefined;
    if (!Array.isArray(names)) throw unreachable();
    return { reactions: names.filter(isReactionName), labels: parseLabels(answer) };
  }

  /**
   * From now on this reader votes as an account, and what was voted here before becomes the account's. When that fails the
   * account votes all the same, and the next call moves the rest.
   * @param account the publisher's JWT; a newer one when it ends. Null: the reader signed out
   * @throws ServiceError
   */
  async setAccount(account: string | null): Promise<void> {
    useAccount(this, account);
    await moveToAccount(this);
  }

  /**
   * Hears the counts of pages now and whenever they change, through every reconnect. All watchers share one socket, which
   * watches at most 100 pages: `hear` is not called for more, nor for what is no page id.
   * @param hear called with counts newer than what it heard before
   * @returns ends it; with the last watcher the socket closes
   */
  watch(pages: readonly string[], hear: (counts: PageCounts) => void): () => void {
    return this.#live.watch(pages, hear);
  }

  /** Closes the socket until `wake`: for tabs that nobody sees. Watchers stay. */
  rest(): void {
    this.#live.rest();
  }

  /** Opens the socket again; watchers hear what they missed. */
  wake(): void {
    this.#live.wake();
  }
}
