/** Request targets (RFC 9112, 3.2): everything here reads addresses from the path on, as browsers and proxies send them. */
import type { IncomingMessage } from "node:http";

/** Scheme, authority and the rest of a target that says the whole address. */
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:\/\/([^/?]*)(.*)$/i;

/**
 * Makes a target that says the whole address one that begins with the path; its host is the request's then, whatever the `Host`
 * header says (RFC 9112, 3.2.2). Whether anything is at the address is for the routes to say.
 */
export function toOriginForm(request: IncomingMessage): void {
  const target = plain(request.url ?? "/");
  request.url = target;
  if (target.startsWith("/")) return;
  const [, host, rest = ""] = ABSOLUTE.exec(target) ?? [];
  if (host === undefined) return;
  request.url = rest.startsWith("/") ? rest : `/${rest}`;
  request.headers.host = host;
}

/** Without a fragment, which no target has, and without the one space that Node lets in: Express reads both as URLs, and throws. */
function plain(target: string): string {
  const end = target.indexOf("#");
  return (end === -1 ? target : target.slice(0, end)).replaceAll("\u00a0", "%A0");
}
