/** The page for iframes: one bar, and a form for readers without JavaScript. */
import { isPageId } from "../../shared/contract/page-id.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import { isSignature } from "../../shared/contract/votes.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { html } from "./html.ts";
import { labelOf } from "./label-of.ts";
import { isLanguage } from "./lang-of.ts";

/** What an `/embed` address asks for. */
export interface Embed {
  readonly site: string;
  readonly page: string;
  /** A language tag; undefined: the reader's own. */
  readonly lang: string | undefined;
  readonly mode: "bar" | "compact";
  /** The publisher's signature of the page, where the site wants one. */
  readonly signature: string | undefined;
}

/**
 * Languages and modes that are not known are passed over: the bar is worth more than they are.
 * @throws Refusal `page_invalid`
 */
export function parseEmbed(query: URLSearchParams): Embed {
  const [site, page, lang, mode, signature] = ["site", "page", "lang", "mode", "signature"].map(
    (name) => query.get(name) ?? "",
  );
  if (!isPageId(page)) throw new Refusal("page_invalid");
  return {
    site: site || "default",
    page,
    lang: isLanguage(lang) ? lang : undefined,
    mode: mode === "compact" ? "compact" : "bar",
    signature: isSignature(signature) && signature !== "" ? signature : undefined,
  };
}

/** Where an embed is, from the root of the service. */
export function embedAddress({ site, page, lang, mode, signature }: Embed): string {
  const query = new URLSearchParams({ site, page });
  if (lang !== undefined) query.set("lang", lang);
  if (mode === "compact") query.set("mode", mode);
  if (signature !== undefined) query.set("signature", signature);
  return `/embed?${query}`;
}

/**
 * The whole page.
 * @param origin of the service, as its readers reach it
 */
export function embedPage(embed: Embed, { reactions, labels }: Site, origin: string): string {
  const { site, page, lang = "en", mode, signature } = embed;
  const nameOf = labelOf({ labels }, lang);
  const here = `${origin}${embedAddress(embed)}`;
  const discovery = `${origin}/oembed?${new URLSearchParams({ format: "json", url: here })}`;
  const buttons = reactions.map(
    (reaction) => html`<button name="reaction" value="${reaction}">${nameOf(reaction)}</button>\n`,
  );
  return `<!doctype html>\n${html`<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Reader reactions</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/embed.css">
<link rel="alternate" type="application/json+oembed" href="${discovery}" title="Reader reactions">
<script type="module" src="/embed.js"></script>
<script type="module" src="/widget.js"></script>
</head>
<body>
<main>
<h1 lang="en">Reader reactions</h1>
<reader-reactions site="${site}" page="${page}" mode="${mode}"${embed.lang === undefined ? undefined : html` lang="${embed.lang}"`}${signature === undefined ? undefined : html` signature="${signature}"`}></reader-reactions>
</main>
<noscript>
<form method="post" action="/v1/sites/${site}/votes">
<input type="hidden" name="page" value="${page}">
<input type="hidden" name="return" value="${here}">
${signature === undefined ? undefined : html`<input type="hidden" name="signature" value="${signature}">\n`}${buttons}</form>
</noscript>
</body>
</html>
`}`;
}
