/**
 * Artalk's export, `.artrans` (ArtalkJS/Artalk, `internal/entity/artran.go` and `internal/artransfer/exporter.go`): a JSON
 * list with one object for each comment, every field a string. `vote_up` and `vote_down` are votes on that comment. The
 * votes on a page (`VoteUp` and `VoteDown` of `entity.Page`) are not written: of a page it holds only `page_key`,
 * `page_title` and `page_admin_only`. So there are no reactions to an article in it.
 */
import { isObject } from "../../../shared/contract/object.ts";
import { WrongFile } from "../wrong-file.ts";
import { jsonOf } from "./foreign-totals.ts";

/** @throws WrongFile always: with why there is nothing to import */
export function readArtalk(text: string): never {
  const root = jsonOf(text, "Artalk");
  const [first]: readonly unknown[] = Array.isArray(root) ? root : [];
  if (!isObject(first) || typeof first.page_key !== "string") {
    throw new WrongFile(
      "This is not an export of Artalk: an .artrans file is a JSON list of comments with a page_key.",
    );
  }
  throw new WrongFile(
    "An .artrans file holds votes on comments only; Artalk does not export the votes on pages, so there is nothing to import.",
  );
}
