/** `reactions webhook …`: whom a site's alerts are sent to. */
import type { SavedWebhook } from "../../../shared/client/client.ts";
import { confirm } from "../confirm.ts";
import { printable } from "../printing/printable.ts";
import { readJsonInput } from "../read-input.ts";
import type { Session } from "../session.ts";
import { showTime } from "../times.ts";
import type { AddCommand } from "./command.ts";

export const addWebhook: AddCommand = (program, action) => {
  const webhook = program
    .command("webhook")
    .description(
      "list, set and remove the webhooks that a site's alerts are sent to, and replace their secrets",
    );
  webhook.command("list").description("list all webhooks, without their secrets").action(action(list));
  webhook
    .command("set")
    .argument("<name>", "lower-case letters, digits and hyphens")
    .argument("<file>", "url, format, kinds and thresholds as JSON; - is standard input")
    .description("make a webhook and print its secret, this once; or change one, which keeps its secret")
    .action(action(set));
  webhook
    .command("rotate")
    .argument("<name>", "name of the webhook")
    .description("give a webhook a new secret and print it, this once; for a day the old one signs, too")
    .action(action(rotate));
  webhook
    .command("remove")
    .argument("<name>", "name of the webhook")
    .option("--yes", "do not ask")
    .description("send a webhook nothing more, and forget its secret")
    .action(action(remove));
};

async function list({ moderation, out }: Session): Promise<void> {
  const webhooks = await moderation.webhooks();
  await out.rows(
    ["name", "url", "format", "changed", "parked"],
    webhooks.map(({ name, url, format, at, parkedAt }) => [
      name,
      url,
      format,
      showTime(at),
      parkedAt === undefined ? "" : showTime(parkedAt),
    ]),
    webhooks,
  );
}

async function set({ moderation, out }: Session, name: string, file: string): Promise<void> {
  const saved = await moderation.putWebhook(name, await readJsonInput(file));
  if (out.json) await out.object(saved);
  else if (saved.secret !== undefined)
    await tellSecret(out, saved, "Receivers know what is ours by this secret");
  else await out.line(`The webhook ${printable(saved.name)} is changed; it keeps its secret.`);
}

async function rotate({ moderation, out }: Session, name: string): Promise<void> {
  const saved = await moderation.replaceWebhookSecret(name);
  if (out.json) await out.object(saved);
  else
    await tellSecret(out, saved, "Give its receiver this secret within a day, while the old one signs, too");
}

/** The secret alone on standard output, fit for a pipe. */
async function tellSecret(
  out: Session["out"],
  { name, secret = "" }: SavedWebhook,
  what: string,
): Promise<void> {
  out.note(`The webhook ${printable(name)}. ${what}; it is not shown again:`);
  await out.line(printable(secret));
}

async function remove(session: Session, name: string, { yes }: { yes?: true }): Promise<void> {
  const { moderation, out } = session;
  await confirm(session, `The webhook ${printable(name)} is sent nothing more.`, yes === true);
  await moderation.removeWebhook(name);
  if (out.json) await out.object({ name, removed: true });
  else await out.line(`The webhook ${printable(name)} is no more.`);
}
