/** `import type {} from "reader-reactions/vue"`: the tag in Vue's templates. */
import type { DefineComponent } from "vue";
import type { ReaderReactionsAttributes } from "./attributes.d.ts";

declare module "vue" {
  interface GlobalComponents {
    "reader-reactions": DefineComponent<ReaderReactionsAttributes>;
  }
}
