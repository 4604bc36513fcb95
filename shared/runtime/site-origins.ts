/** Which origins belong to a site. An origin is scheme, host and port, as browsers send it (RFC 6454, section 7). */

const WILDCARD = "://*.";

/** `https://news.example`, `http://127.0.0.1:8080` or, for every subdomain, `https://*.news.example`. */
export function isOriginPattern(value: string): boolean {
  const plain = value.replace(WILDCARD, "://");
  if (!/^https?:/.test(plain) || plain.includes("*") || !URL.canParse(plain)) return false;
  return new URL(plain).origin === plain;
}

/** Whether `origin` is one of `origins`; undefined stands for all of them. */
export function isOriginAllowed(origins: readonly string[] | undefined, origin: string): boolean {
  return origins === undefined || origins.some((pattern) => matches(pattern, origin));
}

/**
 * Whether a page that was loaded from `origin` may act on a site. Without an origin it is no browser's page that asks, so
 * there is nobody to deceive. This service's own pages (the demo, `/embed`) may.
 * @param host the request's `Host` header
 */
export function mayAct(
  origins: readonly string[] | undefined,
  origin: string | undefined,
  host: string | undefined,
): boolean {
  if (origins === undefined || origin === undefined || isOriginAllowed(origins, origin)) return true;
  return host !== undefined && (origin === `https://${host}` || origin === `http://${host}`);
}

function matches(pattern: string, origin: string): boolean {
  const star = pattern.indexOf(WILDCARD);
  if (star === -1) return pattern === origin;
  const scheme = pattern.slice(0, star + 3);
  const domain = pattern.slice(star + WILDCARD.length - 1);
  // More than the scheme and the domain: a subdomain is there. Browsers send no empty one, others may send anything.
  return (
    origin.startsWith(scheme) && origin.endsWith(domain) && origin.length > scheme.length + domain.length
  );
}
