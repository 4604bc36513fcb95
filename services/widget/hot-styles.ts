/** The look of the hot list; colours follow the `color-scheme` of the page around it, as those of the bar do. */
const CSS = `
:host{display:block;font:1rem/1.35 var(--reactions-font,system-ui,sans-serif)}
:host([hidden]){display:none}
*{box-sizing:border-box}
section{
--ink:var(--reactions-ink,#24262b);--quiet:var(--reactions-note,#5b606b);--line:var(--reactions-line,#d5d8de);--focus:var(--reactions-focus,#1a62d6);
--heat:var(--hot-accent,#e8590c);
position:relative;color:var(--ink)}
@supports (color:light-dark(#000,#fff)){section{
--ink:var(--reactions-ink,light-dark(#24262b,#eceef2));--quiet:var(--reactions-note,light-dark(#5b606b,#a9afbb));--line:var(--reactions-line,light-dark(#d5d8de,#434852));--focus:var(--reactions-focus,light-dark(#1a62d6,#8ab8ff))}}
h2{min-height:1.35em;margin:0 0 .4rem;font:inherit;font-size:var(--hot-title-size,1.1rem);font-weight:700}
ol{--row:var(--hot-row-height,3.6rem);min-height:calc(var(--rows,5)*var(--row));margin:0;padding:0;list-style:none;counter-reset:rank}
li{display:grid;grid-template-columns:var(--hot-rank-width,2rem) minmax(0,1fr) auto;align-items:center;gap:var(--hot-gap,.4rem);height:var(--row);border-block-start:1px solid var(--line);counter-increment:rank}
li:before{content:counter(rank);font-size:1.25rem;font-weight:700;color:var(--quiet);font-variant-numeric:tabular-nums}
a{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden;padding:.15rem 0;color:inherit;text-decoration:none;overflow-wrap:anywhere}
a:focus-visible{outline:3px solid var(--focus);outline-offset:-1px;border-radius:4px}
[part=count]{display:inline-flex;align-items:center;gap:.3em;min-width:3.4rem;justify-content:end;font-size:.875rem;color:var(--quiet);font-variant-numeric:tabular-nums}
svg{width:18px;height:18px}
path{fill:color-mix(in srgb,var(--heat) 20%,transparent);stroke:var(--heat);stroke-width:1.8;stroke-linejoin:round}
[part=note]{position:absolute;inset-inline:0;inset-block-start:2.4rem;margin:0;color:var(--quiet);font-size:.9rem}
[part=note]:empty{display:none}
.spoken{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (hover:hover){a:hover{text-decoration:underline;text-underline-offset:.15em}}
@media (forced-colors:active){path{stroke:currentColor;fill:none}}
`;

let sheet: CSSStyleSheet | undefined;

/** The one style sheet of all lists: adopted, so that a strict Content-Security-Policy needs no exception. */
export function hotStyles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
