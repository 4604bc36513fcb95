/** `import type {} from "reader-reactions/react"`: the tag in React's JSX. */
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { ReaderReactionsAttributes } from "./attributes.d.ts";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "reader-reactions": DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement> &
        ReaderReactionsAttributes;
    }
  }
}
