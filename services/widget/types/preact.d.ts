/** `import type {} from "reader-reactions/preact"`: the tag in Preact's JSX. */
import type { JSX } from "preact";
import type { ReaderReactionsAttributes } from "./attributes.d.ts";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "reader-reactions": JSX.HTMLAttributes<HTMLElement> & ReaderReactionsAttributes;
    }
  }
}
