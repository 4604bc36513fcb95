/** `reactions orders`, `undo` and `audit`: what was ordered, by whom, and taking it back. */
import type { AuditEntry, Order } from "../../../shared/client/client.ts";
import { done, tell } from "../carry-out.ts";
import { printable } from "../printing/printable.ts";
import type { Session } from "../session.ts";
import { showTime } from "../times.ts";
import { UsageError } from "../usage-error.ts";
import { type AddCommand, wholeNumber } from "./command.ts";

interface AuditOptions {
  readonly follow?: true;
  readonly limit: number;
  readonly after?: string;
  readonly before?: string;
}

export const addOrders: AddCommand = (program, action) => {
  program
    .command("orders")
    .argument("[id]", "one order, with what it did")
    .option("--limit <number>", "how many of the newest", wholeNumber(1, 100), 20)
    .description("list the newest orders, newest first")
    .action(action(orders));
  program
    .command("undo")
    .argument("<id>", "the order that took the votes")
    .description("undo a reset, a purge, a ban, a release or a discard; newer votes of the same voters stay")
    .action(action(undo));
  program
    .command("audit")
    .option("--follow", "go on with every entry as it is written, until Ctrl-C")
    .option("--limit <number>", "how many of the newest", wholeNumber(1, 1_000), 100)
    .option("--after <id>", "entries after this one")
    .option("--before <id>", "entries before this one")
    .description("list who did what, when, why, and how many votes it moved")
    .action(action(audit));
};

async function orders(session: Session, id: string | undefined, { limit }: { limit: number }): Promise<void> {
  const { moderation, out } = session;
  if (id !== undefined) {
    const order = await moderation.orderOf(id);
    if (out.json || order.state === "done") await tell(session, order);
    else await out.line(`${printable(order.id)}: ${order.order}, ${stateOf(order)}`);
    return;
  }
  const list = await moderation.orders(limit);
  await out.rows(
    ["id", "at", "order", "state", "votes", "by", "about", "undo until"],
    list.map((order) => [
      order.id,
      showTime(order.at),
      order.dryRun === true ? `${order.order} (dry run)` : order.order,
      stateOf(order),
      order.result?.votes ?? "",
      order.by,
      aboutOf(order),
      order.undoUntil === undefined ? "" : showTime(order.undoUntil),
    ]),
    list,
  );
}

async function undo(session: Session, id: string): Promise<void> {
  const { id: undoing } = await session.moderation.undo(id);
  await tell(session, await done(session, undoing));
}

async function audit({ moderation, out, ending }: Session, options: AuditOptions): Promise<void> {
  const { follow, limit, after, before } = options;
  if (after !== undefined && before !== undefined) throw new UsageError("Say --after or --before, not both.");
  if (follow && before !== undefined)
    throw new UsageError("--follow goes on with what is new: leave --before out.");
  const range = after === undefined ? (before === undefined ? {} : { before }) : { after };
  const entries = await moderation.audit({ limit, ...range });
  const show = (entry: AuditEntry): Promise<void> =>
    out.json ? out.object(entry) : out.line(entryOf(entry));
  for (const entry of entries) await show(entry);
  if (!follow) return;
  try {
    for await (const entry of moderation.followAudit(entries.at(-1)?.id ?? after, ending)) await show(entry);
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!ending.aborted) throw error;
  }
}

function stateOf({ state, progress }: Order): string {
  return state === "running" ? `${state}, ${Math.round(progress * 100)} %` : state;
}

/** Which page, voter and votes an order or an entry is about. */
function aboutOf({ page, voter, source, reaction, since, until, of }: Order | AuditEntry): string {
  const parts = [
    page,
    voter === undefined ? undefined : `voter ${voter}`,
    source === undefined ? undefined : `source ${source}`,
    reaction === undefined ? undefined : `reaction ${reaction}`,
    since === undefined ? undefined : `since ${showTime(since)}`,
    until === undefined ? undefined : `until ${showTime(until)}`,
    of === undefined ? undefined : `of ${of}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function entryOf(entry: AuditEntry): string {
  const { id, at, who, what, order, orderId, dryRun, reason, result, token } = entry;
  const name = order === undefined ? "" : ` ${order}${dryRun === true ? " (dry run)" : ""}`;
  const votes =
    result === undefined ? "" : `: ${result.votes.toLocaleString("en")} votes on ${result.pages} pages`;
  const about = aboutOf(entry);
  const words = [
    `${showTime(at)}  ${who}  ${what}${name}${token === undefined ? "" : ` token ${token}`}`,
    about === "" ? "" : `  ${about}`,
    votes,
    reason === undefined ? "" : `  “${reason}”`,
    `  [${orderId ?? id}]`,
  ];
  return printable(words.join(""));
}
