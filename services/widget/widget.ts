/** `widget.js`: registers `<reader-reactions>`. */
import { type ReactionChange, type ReactionError, ReaderReactions } from "./reader-reactions.ts";

export type { ReactionChange, ReactionError };
export { ReaderReactions };

declare global {
  interface HTMLElementTagNameMap {
    "reader-reactions": ReaderReactions;
  }
  interface HTMLElementEventMap {
    "reaction-change": CustomEvent<ReactionChange>;
    "reaction-error": CustomEvent<ReactionError>;
  }
}

// A page may load this twice, and servers have no registry.
const { customElements: registry } = globalThis;
if (registry?.get("reader-reactions") === undefined) registry?.define("reader-reactions", ReaderReactions);
