/** Who may open a socket: pages of the sites' origins, and not too many from one network. */
import type { IncomingMessage } from "node:http";
import { problem } from "../../shared/contract/problems.ts";
import { mayAct } from "../../shared/runtime/site-origins.ts";
import type { Site, Sites } from "../../shared/runtime/sites.ts";
import { networkOf } from "../../shared/votes/source.ts";

/** A carrier's shared address has thousands of readers at once; what one host can hold open costs more than this. */
export const SOCKETS_A_NETWORK_MAX = 10_000;

export class Door {
  readonly #sites: Sites;
  readonly #networks = new Map<string, number>();
  readonly #most: number;

  constructor(sites: Sites, most = SOCKETS_A_NETWORK_MAX) {
    this.#sites = sites;
    this.#most = most;
  }

  /**
   * Whether an upgrade may go on. Which site it is for comes later, so its origin must be one of any site's.
   * @returns the code of the refusal
   */
  refuse(
    { headers }: IncomingMessage,
    address: string,
  ): "origin_refused" | "sockets_full" | "unavailable" | undefined {
    // Refused here, clients come back by themselves.
    if (!this.#sites.complete) return "unavailable";
    const known = [...this.#sites.values()].some(({ origins }) =>
      mayAct(origins, headers.origin, headers.host),
    );
    if (!known) return "origin_refused";
    return (this.#networks.get(networkOf(address)) ?? 0) >= this.#most ? "sockets_full" : undefined;
  }

  /** Counts a connection; call what it returns when that has closed. */
  enter(address: string): () => void {
    const network = networkOf(address);
    this.#networks.set(network, (this.#networks.get(network) ?? 0) + 1);
    return () => {
      const left = (this.#networks.get(network) ?? 1) - 1;
      if (left > 0) this.#networks.set(network, left);
      else this.#networks.delete(network);
    };
  }
}

/** The site that a socket asks for, or the error with the problem that its client is told. */
export function siteFor(sites: Sites, name: unknown, { headers }: IncomingMessage): Site | Error {
  const site = typeof name === "string" ? sites.get(name) : undefined;
  if (site === undefined) return refusal("site_unknown");
  return mayAct(site.origins, headers.origin, headers.host) ? site : refusal("origin_refused");
}

function refusal(code: "site_unknown" | "origin_refused"): Error {
  return Object.assign(new Error(code), { data: { problem: problem(code) } });
}
