/** Gives the demo page's form for readers without scripts its buttons. */
import { readFileSync, writeFileSync } from "node:fs";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

const PLACE = "<!-- the build puts a button here for each reaction -->";

/** @param page path of the page, which is written anew */
export function fillForm(page: string): void {
  const buttons = DEFAULT_REACTIONS.map(
    (name) => `<button type="submit" name="reaction" value="${name}">${name}</button>`,
  );
  writeFileSync(page, readFileSync(page, "utf8").replace(PLACE, buttons.join("\n              ")));
}
