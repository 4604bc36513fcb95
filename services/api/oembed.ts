/** oEmbed 1.0 (oembed.com): how a page's bar is embedded, for editors that turn addresses into iframes. */
import { type Embed, embedAddress } from "./embed-page.ts";
import { html } from "./html.ts";

/** Room for a bar until the embed says its own height. */
const HEIGHT_BAR = 140;
const HEIGHT_COMPACT = 96;

/** Most that the one who embeds has room for, CSS pixels. */
interface Room {
  readonly width_max: number;
  readonly height_max: number;
}

/** The answer, of type `rich`. */
export function oEmbedAnswer(
  embed: Embed,
  title: string | undefined,
  origin: string,
  { width_max, height_max }: Room,
) {
  const name = title ?? "Reader reactions";
  const height = Math.min(embed.mode === "compact" ? HEIGHT_COMPACT : HEIGHT_BAR, height_max);
  const frame = html`<iframe src="${origin}${embedAddress(embed)}" width="${width_max}" height="${height}" title="${name}" loading="lazy" style="border:0;max-width:100%"></iframe>`;
  return {
    version: "1.0",
    type: "rich",
    title: name,
    provider_name: "Reader Reactions",
    provider_url: origin,
    cache_age: 300,
    html: String(frame),
    width: width_max,
    height,
  };
}
