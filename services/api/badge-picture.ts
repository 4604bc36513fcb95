/** The counts of a page in one line. */
import type { ReactionSet } from "../../shared/contract/reactions.ts";
import { type Html, html } from "./html.ts";
import type { LabelOf } from "./label-of.ts";
import { colourOf } from "./reaction-colours.ts";

const HEIGHT = 20;
const PADDING = 6;

/** Nobody knows the reader's font: the text is stretched or squeezed to the width that was reckoned with. */
const CHARACTER_WIDTH = 6.6;

/** Labels and numbers only: neither a title nor an id is in it. */
export function badgePicture(
  counts: Readonly<Record<string, number>>,
  reactions: ReactionSet,
  labelOf: LabelOf = (reaction) => reaction,
): Html {
  let x = 0;
  const parts = reactions.map((reaction, index) => {
    const text = `${labelOf(reaction)} ${shortNumber(counts[reaction] ?? 0)}`;
    const textWidth = Math.round(widthOf(text) * CHARACTER_WIDTH);
    const left = x;
    x += textWidth + 2 * PADDING;
    return html`<rect x="${left}" width="${textWidth + 2 * PADDING}" height="${HEIGHT}" fill="${colourOf(reaction, index)}"/><text x="${left + PADDING}" y="14" textLength="${textWidth}" lengthAdjust="spacingAndGlyphs">${text}</text>`;
  });
  const label = reactions.map((reaction) => `${counts[reaction] ?? 0} ${labelOf(reaction)}`).join(", ");
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${x}" height="${HEIGHT}" viewBox="0 0 ${x} ${HEIGHT}" role="img" aria-label="${label}"><title>${label}</title><clipPath id="c"><rect width="${x}" height="${HEIGHT}" rx="4"/></clipPath><g clip-path="url(#c)" fill="#fff" font-family="Verdana, DejaVu Sans, sans-serif" font-size="11">${parts}</g></svg>`;
}

/** In characters of Latin; those of Chinese, Japanese and Korean, and emoji, take the room of two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > "\u1100" ? 2 : 1), 0);
}

/** 1234 → 1.2k; the full numbers stand in the label. */
export function shortNumber(count: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(count);
}
