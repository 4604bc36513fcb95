/** `embed.js`, on the page for iframes: tells the page around it how high the bar is. */

/** Nobody asked for a language: then the reader's own. */
if (!new URLSearchParams(location.search).has("lang") && navigator.language !== "")
  document.documentElement.lang = navigator.language;

let told = 0;

/** The height of what is drawn, so that the frame neither scrolls nor leaves a gap. */
function tell(): void {
  const height = Math.ceil(document.querySelector("main")?.getBoundingClientRect().height ?? 0);
  if (height === told || height === 0) return;
  told = height;
  // Whoever frames this may know how high it is: the message says nothing else.
  window.parent.postMessage({ type: "reader-reactions:height", height }, "*");
}

const main = document.querySelector("main");
if (main !== null && window.parent !== window) new ResizeObserver(tell).observe(main);
