/** `reactions watch`: live counts in the terminal, over the socket. */
import { once } from "node:events";
import type { PageCounts } from "../../../shared/client/client.ts";
import { PAGES_MAX } from "../../../shared/contract/page-id.ts";
import { ReaderGone } from "../printing/out.ts";
import { printable } from "../printing/printable.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import type { AddCommand } from "./command.ts";

export const addWatch: AddCommand = (program, action) => {
  program
    .command("watch")
    .argument("<page...>", `ids of at most ${PAGES_MAX} pages`)
    .description("print a page's counts whenever they change, until Ctrl-C")
    .action(action(watch));
};

async function watch({ out, reactions, ending }: Session, pages: readonly string[]): Promise<void> {
  if (new Set(pages).size > PAGES_MAX) throw new UsageError(`Watch at most ${PAGES_MAX} pages.`);
  // The socket would try for ever; a wrong address or site should be said at once.
  await reactions.counts(pages);
  const gone = new AbortController();
  const leave = reactions.watch(pages, (counts) => {
    (out.json ? out.object(counts) : out.line(lineOf(counts))).catch((error: unknown) => gone.abort(error));
  });
  if (!ending.aborted) {
    await Promise.race([once(ending, "abort"), once(gone.signal, "abort")]);
  }
  leave();
  if (gone.signal.reason instanceof ReaderGone) throw gone.signal.reason;
}

function lineOf({ page, counts, total, state }: PageCounts): string {
  const time = new Date().toISOString().slice(11, 19);
  const votes = Object.entries(counts).map(
    ([reaction, count]) => `${reaction} ${count.toLocaleString("en")}`,
  );
  const words = [
    time,
    page,
    ...votes,
    `total ${total.toLocaleString("en")}`,
    ...(state === "open" ? [] : [state]),
  ];
  return words.map(printable).join("  ");
}
