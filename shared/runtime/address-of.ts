import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import proxyAddress from "proxy-addr";

/** What a request says of where it comes from. */
export interface SentFrom {
  readonly headers: IncomingHttpHeaders;
  readonly socket: Pick<Socket, "remoteAddress">;
}

/** Finds the reader's network address behind the proxies that are trusted. */
export type AddressOf = (request: SentFrom) => string;

/**
 * Whose address a request has: the connection's own, or what the trusted proxies in front say. A forwarded address from
 * anybody else changes nothing.
 * @param trusted addresses and networks of the proxies; empty: nobody is believed
 */
export function openAddressOf(trusted: readonly string[]): AddressOf {
  if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? "";
  const trust = proxyAddress.compile([...trusted]);
  // It reads nothing else of a request.
  return (request) => proxyAddress(request as IncomingMessage, trust);
}
