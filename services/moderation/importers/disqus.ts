/**
 * Disqus' export: XML with the root element `disqus` (schema `http://disqus.com/api/schemas/1.0/disqus.xsd`, described at
 * help.disqus.com, "Comments Export") that holds `category`, `thread` and `post` elements. A thread has id, forum, link,
 * title, message, createdAt, author and isClosed; a post has message, author, createdAt, isDeleted, isSpam and thread.
 * Neither has reactions, votes or likes: Disqus keeps those to itself.
 */
import { WrongFile } from "../wrong-file.ts";

/** @throws WrongFile always: with why there is nothing to import */
export function readDisqus(text: string): never {
  if (!/<disqus[\s>]/.test(text.slice(0, 4_096))) {
    throw new WrongFile("This is not an export of Disqus: it is XML that begins with <disqus>.");
  }
  throw new WrongFile(
    "The export of Disqus holds threads and comments but no reactions, so there is nothing to import.",
  );
}
