/** Where a reader without JavaScript came from, and may be sent back to. */
import type { IncomingHttpHeaders } from "node:http";
import { isPageUrl } from "../../shared/contract/registered-page.ts";

/**
 * The address to send the reader of a form back to; undefined when there is none that can be trusted.
 *
 * No form can send a reader anywhere but to the site that holds it. Browsers tell another origin only the origin of a
 * page, not the page (the default Referrer-Policy); so a form on another origin names its page itself, in `return` or as
 * the page's id, which holds only when it is of the origin that the browser says the form stood on.
 */
export function wayBack(
  form: URLSearchParams,
  { origin, referer }: Pick<IncomingHttpHeaders, "origin" | "referer">,
): string | undefined {
  const named = [form.get("return"), form.get("page")].find(
    (address) => isPageUrl(address) && new URL(address).origin === origin,
  );
  const back = named ?? (isPageUrl(referer) ? referer : undefined);
  // As URL writes it: escaped, so that nothing of it can end the header.
  return back === undefined ? undefined : new URL(back).href;
}
