/** `reactions pages import`: registers a publisher's pages from a feed or sitemap. */
import { Option } from "commander";
import { type FeedId, readFeed } from "../feeds/read-feed.ts";
import { printable } from "../printing/printable.ts";
import { openProgress } from "../printing/progress.ts";
import { readInput } from "../read-input.ts";
import type { Session } from "../session.ts";
import type { AddCommand } from "./command.ts";

/** A request of a few hundred kilobytes at most. */
const PAGES_A_REQUEST = 200;

/** Entries that were passed over are named up to here, then counted. */
const NAMED_MAX = 10;

export const addPages: AddCommand = (program, action) => {
  const pages = program.command("pages").description("tell the service about the site's pages");
  pages
    .command("import")
    .argument(
      "<file>",
      "RSS, Atom, a sitemap, or NDJSON of { page, title, url, published? }; - for standard input",
    )
    .addOption(
      new Option("--id <what>", "what a page's id is to be: its address, or the feed's own guid or id")
        .choices(["url", "guid"])
        .default("url"),
    )
    .description("register titles and addresses; pages that are known get the new ones")
    .action(action(importPages));
};

async function importPages(
  { moderation, out, ending }: Session,
  file: string,
  { id }: { id: FeedId },
): Promise<void> {
  const { pages, passedOver } = readFeed(await readInput(file), id);
  const progress = openProgress(out, "registering", pages.length);
  try {
    for (let from = 0; from < pages.length; from += PAGES_A_REQUEST) {
      ending.throwIfAborted();
      await moderation.putPages(pages.slice(from, from + PAGES_A_REQUEST));
      progress.show(from + PAGES_A_REQUEST);
    }
  } finally {
    progress.close();
  }
  for (const entry of passedOver.slice(0, NAMED_MAX)) out.note(`passed over ${printable(entry)}`);
  if (passedOver.length > NAMED_MAX) out.note(`… and ${passedOver.length - NAMED_MAX} more.`);
  if (out.json) await out.object({ registered: pages.length, passedOver: passedOver.length });
  else
    await out.line(
      `${pages.length.toLocaleString("en")} pages registered, ${passedOver.length} entries passed over.`,
    );
}
