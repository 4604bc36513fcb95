import type { IncomingMessage } from "node:http";
import proxyAddress from "proxy-addr";

/** Finds the reader's network address behind the proxies that are trusted. */
export type AddressOf = (request: IncomingMessage) => string;

/**
 * Whose address a request has: the connection's own, or what the trusted proxies in front say. A forwarded address from
 * anybody else changes nothing.
 * @param trusted addresses and networks of the proxies; empty: nobody is believed
 */
export function openAddressOf(trusted: readonly string[]): AddressOf {
  if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? "";
  const trust = proxyAddress.compile([...trusted]);
  return (request) => proxyAddress(request, trust);
}
