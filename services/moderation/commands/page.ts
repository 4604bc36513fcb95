/** `reactions page …`: look at pages and give orders about them. */
import type { Command } from "commander";
import type { OrderRequest, PageCounts } from "../../../shared/client/client.ts";
import { carryOut, type OrderOptions } from "../carry-out.ts";
import { confirm } from "../confirm.ts";
import { printable } from "../printing/printable.ts";
import { showVotes } from "../printing/votes.ts";
import type { Session } from "../session.ts";
import { parseTime } from "../times.ts";
import { UsageError } from "../usage-error.ts";
import { type AddCommand, orderOptions } from "./command.ts";

interface PurgeOptions extends OrderOptions {
  readonly allPages?: true;
  readonly voter?: string;
  readonly source?: string;
  readonly reaction?: string;
  readonly since?: string;
  readonly until?: string;
}

/** Orders about votes that are held. */
const HELD_ORDERS = [
  ["release", "let held votes of a page count: all of them, or those that match all filters; can be undone"],
  ["discard", "take out held votes of a page: all of them, or those that match all filters; can be undone"],
] as const;

/** Orders about one page that take nothing: word on the command line, order, help. */
const PLAIN = [
  ["freeze", "freeze", "take no votes on a page from now on; its counts stay visible"],
  ["reopen", "reopen", "take votes on a frozen page again"],
  ["hide", "hide", "show no counts of a page at all"],
  ["unhide", "show", "show the counts of a hidden page again (`page show` prints them)"],
] as const;

export const addPage: AddCommand = (program, action) => {
  const page = program
    .command("page")
    .description("look at a page's counts; freeze, hide, reset or purge it");
  page
    .command("show")
    .argument("<page...>", "ids of pages: what the widget's page attribute says, mostly the address")
    .description("print counts, total and state")
    .action(action(showPages));
  for (const [word, order, help] of PLAIN) {
    page
      .command(word)
      .argument("<page>", "id of the page")
      .description(help)
      .option("--reason <text>", "why, for the audit")
      .action(
        action((session, id: string, options: OrderOptions) =>
          carryOut(session, { order, page: id }, options),
        ),
      );
  }
  orderOptions(page.command("reset").argument("<page>", "id of the page"))
    .description("take out all votes of a page; can be undone for 7 days")
    .action(
      action((session, id: string, options: OrderOptions) =>
        carryOut(session, { order: "reset", page: id }, options),
      ),
    );
  addPurge(page).action(action(purge));
  for (const [order, help] of HELD_ORDERS) {
    filterOptions(orderOptions(page.command(order).argument("<page>", "id of the page")))
      .description(help)
      .action(
        action((session, id: string, options: PurgeOptions) =>
          carryOut(session, { order, page: id, ...filtersOf(options) }, options),
        ),
      );
  }
  page
    .command("recount")
    .argument("[page]", "id of the page")
    .option("--all-pages", "every page of the site")
    .option("--reason <text>", "why, for the audit")
    .description("count totals anew from the votes; reports and mends what was wrong")
    .action(
      action((session, id: string | undefined, options: PurgeOptions) =>
        carryOut(session, { order: "recount", ...aboutPage(id, options) }, options),
      ),
    );
  page
    .command("base")
    .argument("<page>", "id of the page")
    .option("--remove", "take the base count out of the totals")
    .option("--yes", "do not ask")
    .description("print or remove the base count that an import gave a page: totals that came without voters")
    .action(action(base));
};

function addPurge(page: Command): Command {
  return filterOptions(
    orderOptions(page.command("purge").argument("[page]", "id of the page"))
      .description("take out the votes that match all filters; can be undone for 7 days")
      .option("--all-pages", "look at every page of the site"),
  );
}

function filterOptions(command: Command): Command {
  return command
    .option("--voter <voter>", "a voter's token or handle, or with a page the 16 digits of an export")
    .option("--source <source>", "a network source: the 6 digits that `reactions sources` shows")
    .option("--reaction <reaction>", "votes that hold this reaction")
    .option("--since <time>", "votes cast then or later: 2026-11-24T07:00Z, or 90m or 2d ago")
    .option("--until <time>", "votes cast then or earlier");
}

async function showPages(
  { out, reactions, moderation, hasToken }: Session,
  ids: readonly string[],
): Promise<void> {
  const pages = await reactions.counts(ids);
  const bases = hasToken ? await moderation.bases(ids) : [];
  const rows = pages.map((page, index) => rowOf(page, bases[index]?.base));
  const objects = pages.map((page, index) => (hasToken ? { ...page, base: bases[index]?.base ?? {} } : page));
  await out.rows(
    ["page", ...Object.keys(pages[0]?.counts ?? {}), "total", "state", "of it base"],
    rows,
    objects,
  );
}

function rowOf(page: PageCounts, base: Readonly<Record<string, number>> | undefined): (string | number)[] {
  return [
    page.page,
    ...Object.values(page.counts),
    page.total,
    page.state,
    base === undefined ? "?" : showVotes(base),
  ];
}

async function purge(session: Session, id: string | undefined, options: PurgeOptions): Promise<void> {
  const { voter, source, reaction, since, until } = options;
  if ([voter, source, reaction, since, until].every((filter) => filter === undefined)) {
    throw new UsageError(
      "Say which votes: --voter, --source, --reaction, --since or --until. For all of a page: page reset.",
    );
  }
  await carryOut(session, { order: "purge", ...aboutPage(id, options), ...filtersOf(options) }, options);
}

function filtersOf({ voter, source, reaction, since, until }: PurgeOptions): Omit<OrderRequest, "order"> {
  const now_ms = Date.now();
  return {
    ...(voter === undefined ? {} : { voter }),
    ...(source === undefined ? {} : { source }),
    ...(reaction === undefined ? {} : { reaction }),
    ...(since === undefined ? {} : { since: parseTime("--since", since, now_ms) }),
    ...(until === undefined ? {} : { until: parseTime("--until", until, now_ms) }),
  };
}

/** A mistyped command must not be about a whole site, so that has to be said. */
function aboutPage(id: string | undefined, { allPages }: PurgeOptions): { readonly page?: string } {
  if ((id === undefined) === (allPages === undefined)) {
    throw new UsageError("Name one page, or say --all-pages for every page of the site.");
  }
  return id === undefined ? {} : { page: id };
}

async function base(
  session: Session,
  id: string,
  { remove, yes }: { remove?: true; yes?: true },
): Promise<void> {
  const { out, moderation } = session;
  const [held] = await moderation.bases([id]);
  const counts = held?.base ?? {};
  if (remove) {
    await confirm(session, `This takes ${showVotes(counts)} out of the totals for good.`, yes === true);
    await moderation.removeBase(id);
  }
  if (out.json) await out.object({ page: id, base: counts, removed: remove === true });
  else await out.line(`${printable(id)}: base count ${showVotes(counts)}${remove ? ", removed" : ""}`);
}
