import type { IncomingHttpHeaders } from "node:http";
import { isIP, type Socket } from "node:net";
import proxyAddress from "proxy-addr";

/** What a request says of where it comes from. */
export interface SentFrom {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Pick<Socket, "remoteAddress">;
}

/** Finds the reader's network address behind the proxies that are trusted. */
export type AddressOf = (request: SentFrom) => string;

/** As some gateways write it: with the port that the request came from. */
const WITH_PORT = /^(?:\[([^\]]*)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5})$/;

/**
 * Whose address a request has: the connection's own, or what the trusted proxies in front say. A forwarded address from
 * anybody else changes nothing, and one that is none is the word of the proxy that passed it on: that proxy's counts then.
 * @param trusted addresses and networks of the proxies; empty: nobody is believed
 */
export function openAddressOf(trusted: readonly string[]): AddressOf {
  if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? "";
  const trust = proxyAddress.compile([...trusted]);
  return ({ headers, socket }) => {
    let address = socket.remoteAddress ?? "";
    // Each proxy adds whom it heard: the last one stands next to us.
    const hops = String(headers["x-forwarded-for"] ?? "")
      .split(",")
      .reverse();
    for (const [distance, hop] of hops.entries()) {
      if (!trust(address, distance)) return address;
      const before = addressIn(hop.trim());
      if (before === undefined) return address;
      address = before;
    }
    return address;
  };
}

/** The address without a port; undefined when it is none. */
function addressIn(hop: string): string | undefined {
  const [, v6, v4] = WITH_PORT.exec(hop) ?? [];
  const address = v6 ?? v4 ?? hop;
  return isIP(address) === 0 ? undefined : address;
}
