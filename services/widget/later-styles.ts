/** What comes with the part that loads later: states and touches that the first picture does not show. */
const CSS = `
:host([hidden]){display:none}
button:focus-visible{outline:3px solid var(--reactions-focus,light-dark(#1a62d6,#8ab8ff));outline-offset:2px}
button{position:relative;cursor:pointer;touch-action:manipulation;-webkit-tap-highlight-color:transparent}
div,.icon{position:relative}
.count{text-align:center;font-variant-numeric:tabular-nums}
[aria-pressed=true]{box-shadow:inset 0 0 0 1px var(--accent)}
[aria-disabled=true]{cursor:default}
.closed button{background:none;border-style:dashed}
.closed .icon{filter:grayscale(1)}
.icon{font-size:calc(var(--size)*.9);line-height:1;text-align:center}
.compact .label,.spoken{position:absolute;width:1px;height:1px;min-height:0;margin:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
img{display:block;width:100%;height:100%}
[aria-pressed=true] path+path{stroke:#fff}
path{stroke-linejoin:round}
.note{line-height:1.4;color:var(--reactions-note,inherit)}
.compact .note:not(:empty){opacity:1;z-index:1;margin:0;inset:calc(100% + 4px) auto auto 0;width:max-content;max-width:min(18rem,80vw);padding:.3rem .6rem;border:1px solid var(--line);border-radius:8px;background:var(--surface);color:var(--ink)}
@media (hover:hover){button:not([aria-disabled=true],[aria-pressed=true]):hover{background:var(--reactions-hover,light-dark(#f3f4f6,#2b2f37))}}
@media (prefers-reduced-motion:no-preference){button{transition:background-color .15s,border-color .15s}button:not([aria-disabled=true]):active .icon{scale:.9}}
@media (forced-colors:active){[aria-pressed=true]{forced-color-adjust:none;background:Highlight;border-color:Highlight;color:HighlightText;box-shadow:none}path:first-child,[aria-pressed=true] path{fill:none;stroke:currentColor}.closed button{color:GrayText}}`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);

/** Adds the style sheet, once. */
export function addLaterStyles(root: ShadowRoot | null): void {
  if (root && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}
