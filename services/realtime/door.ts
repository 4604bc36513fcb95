/** Who may open a socket: pages of the sites' origins, and not too many from one network. */
import type { IncomingMessage } from "node:http";
import { Refusal, socketProblem, TooFast } from "../../shared/contract/problems.ts";
import { mayAct } from "../../shared/runtime/site-origins.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";
import { ipv6NeighbourhoodOf, NETWORKS_A_NEIGHBOURHOOD, networkOf } from "../../shared/votes/source.ts";

/** A carrier's shared address has thousands of readers at once; what one host can hold open costs more than this. */
export const SOCKETS_A_NETWORK_MAX = 10_000;

/** Seconds after which it makes sense to knock again: sockets close when their readers like. */
const RETRY_S = 10;

export class Door {
  readonly #sites: Sites;
  /** Open sockets, by network and, of IPv6, by neighbourhood: their names differ. */
  readonly #open = new Map<string, number>();
  readonly #most: number;

  constructor(sites: Sites, most = SOCKETS_A_NETWORK_MAX) {
    this.#sites = sites;
    this.#most = most;
  }

  /**
   * Why an upgrade may not go on: `unavailable`, `origin_refused` or `sockets_full`. Which site it is for comes later, so its
   * origin must be one of any site's.
   */
  refuse({ headers }: IncomingMessage, address: string): Refusal | undefined {
    // Refused here, clients come back by themselves.
    if (!this.#sites.complete) return new Refusal("unavailable");
    const known = [...this.#sites.values()].some(({ origins }) =>
      mayAct(origins, headers.origin, headers.host),
    );
    if (!known) return new Refusal("origin_refused");
    return (
      this.#full("network", networkOf(address), this.#most) ??
      this.#full("neighbourhood", ipv6NeighbourhoodOf(address), this.#most * NETWORKS_A_NEIGHBOURHOOD)
    );
  }

  /** Counts a connection; call what it returns when that has closed. */
  enter(address: string): () => void {
    const names = [networkOf(address), ipv6NeighbourhoodOf(address)].filter((name) => name !== undefined);
    for (const name of names) this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    return () => {
      for (const name of names) {
        const left = (this.#open.get(name) ?? 1) - 1;
        if (left > 0) this.#open.set(name, left);
        else this.#open.delete(name);
      }
    };
  }

  #full(kind: string, name: string | undefined, quota: number): TooFast | undefined {
    if (name === undefined || (this.#open.get(name) ?? 0) < quota) return undefined;
    return new TooFast("sockets_full", { name: `sockets-of-${kind}`, quota }, RETRY_S);
  }
}

/**
 * The site that a socket asks for.
 * @throws Refusal `site_unknown` or `origin_refused`
 */
export function siteFor(sites: Sites, name: unknown, { headers }: IncomingMessage): Site {
  const site = typeof name === "string" ? sites.get(name) : undefined;
  if (site === undefined) throw new Refusal("site_unknown");
  if (!mayAct(site.origins, headers.origin, headers.host)) throw new Refusal("origin_refused");
  return site;
}

/** A refusal as socket.io tells it to the client of a socket that is not let in. */
export function connectError(refusal: Refusal): Error {
  const problem = socketProblem(refusal);
  return Object.assign(new Error(problem.code), { data: { problem } });
}
