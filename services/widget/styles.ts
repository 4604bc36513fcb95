/**
 * The look of the bar as it is first drawn. Colours follow the `color-scheme` of the page around it, not the reader's
 * system: on a page that is always light the bar is, too. Every size stands before counts arrive.
 */
const CSS = `
:host{display:block;font:1rem/1.3 var(--reactions-font,system-ui,sans-serif)}
:host([mode=compact]){display:inline-block}
div{--size:var(--reactions-icon-size,30px);--ink:var(--reactions-ink,light-dark(#24262b,#eceef2));--surface:var(--reactions-surface,light-dark(#fff,#202329));--line:var(--reactions-line,light-dark(#d5d8de,#434852))}
.wide{container-type:inline-size}
.bar{display:grid;grid:auto/repeat(var(--columns),minmax(0,1fr));gap:var(--reactions-gap,8px)}
button{display:grid;place-items:center;align-content:center;gap:.15em;min-width:44px;min-height:6rem;padding:var(--reactions-padding,.6rem .1rem);border:1px solid var(--line);border-radius:var(--reactions-radius,14px);background:var(--surface);color:var(--ink);font:inherit}
[aria-pressed=true]{border-color:var(--accent);background:color-mix(in srgb,var(--accent) 14%,var(--surface))}
.icon{width:var(--size);height:var(--size)}
path{fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round}
path:first-child{stroke:var(--accent);fill:color-mix(in srgb,var(--accent) 16%,#0000)}
[aria-pressed=true] path:first-child{fill:var(--accent)}
.label{max-width:100%;overflow:hidden;white-space:nowrap;text-overflow:ellipsis;font-size:var(--reactions-label-size,clamp(10px,3.1cqi,14px))}
.count,.label{min-height:1.3em}
.count{min-width:2ch;font-size:var(--reactions-count-size,1rem);font-weight:600}
p{min-height:20px;margin:8px 0 0;font-size:14px}
.compact,.compact .bar{--size:var(--reactions-icon-size,20px);display:flex;flex-wrap:wrap}
.compact button{grid-auto-flow:column;min-height:36px;padding:0 .7rem;border-radius:var(--reactions-radius,99px)}
.compact :is(p,.label){position:absolute;opacity:0}
@media (pointer:coarse){.compact button{min-height:44px}}`;

let sheet: CSSStyleSheet | undefined;

/** The style sheet that all bars share: adopted, so that a strict Content-Security-Policy needs no exception. */
export function styles(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
