/** `hot-pages.js`: registers `<hot-pages>`. */
import { HotPages } from "./hot-pages-element.ts";

export { HotPages };

declare global {
  interface HTMLElementTagNameMap {
    "hot-pages": HotPages;
  }
}

// A page may load this twice, and servers have no registry.
if (globalThis.customElements?.get("hot-pages") === undefined)
  globalThis.customElements?.define("hot-pages", HotPages);
