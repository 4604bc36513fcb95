/** A timeline as a small picture: one line for each reaction, for places without JavaScript. */
import type { ReactionSet } from "../../shared/contract/reactions.ts";
import type { Timeline } from "../../shared/contract/timeline.ts";
import { type Html, html } from "./html.ts";
import type { LabelOf } from "./label-of.ts";
import { colourOf } from "./reaction-colours.ts";

const WIDTH = 480;
const HEIGHT = 160;
const TOP = 12;
const BOTTOM = 120;
const LEFT = 8;
const RIGHT = 472;

/** Names and numbers only: neither a title nor an id is in it. */
export function timelinePicture(
  { points }: Timeline,
  reactions: ReactionSet,
  labelOf: LabelOf = (reaction) => reaction,
): Html {
  const [begin, end] = [points[0], points.at(-1)];
  const most = Math.max(1, ...points.flatMap(({ counts }) => Object.values(counts)));
  const span_ms = Math.max(1, (end?.at ?? 1) - (begin?.at ?? 0));
  const x = (at: number): string => (LEFT + ((at - (begin?.at ?? 0)) / span_ms) * (RIGHT - LEFT)).toFixed(1);
  const y = (count: number): string => (BOTTOM - (count / most) * (BOTTOM - TOP)).toFixed(1);
  const totals = reactions.map((reaction) => `${end?.counts[reaction] ?? 0} ${labelOf(reaction)}`).join(", ");
  const lines = reactions.map(
    (reaction, index) =>
      html`<polyline fill="none" stroke="${colourOf(reaction, index)}" stroke-width="2" points="${points
        .map(({ at, counts }) => `${x(at)},${y(counts[reaction] ?? 0)}`)
        .join(" ")}"/>`,
  );
  const step = (RIGHT - LEFT) / reactions.length;
  const names = reactions.map(
    (reaction, index) =>
      html`<circle cx="${LEFT + 5 + index * step}" cy="143" r="4" fill="${colourOf(reaction, index)}"/><text x="${LEFT + 14 + index * step}" y="147">${labelOf(reaction)} ${end?.counts[reaction] ?? 0}</text>`,
  );
  const label = `Reactions from ${day(begin?.at)} to ${day(end?.at)}: now ${totals}.`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}"><title>${label}</title><rect width="${WIDTH}" height="${HEIGHT}" rx="6" fill="#fff"/><path d="M${LEFT} ${BOTTOM}H${RIGHT}" stroke="#ccc"/>${lines}<g font-family="system-ui, sans-serif" font-size="11" fill="#333">${names}</g></svg>`;
}

function day(at: number | undefined): string {
  return at === undefined ? "" : new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
