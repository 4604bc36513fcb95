/** `reactions site …`: the publications that the service serves. */
import type { SiteAnswer } from "../../../shared/client/client.ts";
import { isObject } from "../../../shared/contract/object.ts";
import { confirm } from "../confirm.ts";
import { printable } from "../printing/printable.ts";
import { readJsonInput } from "../read-input.ts";
import type { Session } from "../session.ts";
import type { AddCommand } from "./command.ts";

export const addSite: AddCommand = (program, action) => {
  const site = program
    .command("site")
    .description("list, show, set and remove sites; needs a token of scope admin that works on all of them");
  site.command("list").description("list all sites").action(action(list));
  site
    .command("show")
    .argument("<id>", "id of the site")
    .description("print a site's settings as JSON, without secrets, fit for `site set`")
    .action(action(show));
  site
    .command("set")
    .argument("<id>", "id of the site")
    .argument("<file>", "its settings as JSON; - is standard input")
    .description("make a site, or change one; secrets that the file leaves out stay as they are")
    .action(action(set));
  site
    .command("remove")
    .argument("<id>", "id of the site")
    .option("--yes", "do not ask")
    .description("serve a site no more; its votes stay, and are there again when it is set again")
    .action(action(remove));
};

async function list({ moderation, out }: Session): Promise<void> {
  const sites = await moderation.sites();
  await out.rows(["site", "name", "pages", "from"], sites.map(rowOf), sites);
}

function rowOf({ id, from, settings }: SiteAnswer): string[] {
  const { name, pages } = settings;
  return [id, String(name), isObject(pages) ? String(pages.open) : "", from];
}

async function show({ moderation, out }: Session, id: string): Promise<void> {
  const { settings } = await moderation.site(id);
  if (out.json) await out.object(settings);
  else await out.line(printableJson(settings));
}

/** Line breaks are ours; what stands between them came from outside. */
function printableJson(settings: unknown): string {
  return JSON.stringify(settings, undefined, 2).split("\n").map(printable).join("\n");
}

async function set({ moderation, out }: Session, id: string, file: string): Promise<void> {
  const site = await moderation.putSite(id, await readJsonInput(file));
  if (out.json) await out.object(site);
  else await out.line(`The site ${printable(site.id)} is served as these settings say.`);
}

async function remove(session: Session, id: string, { yes }: { yes?: true }): Promise<void> {
  const { moderation, out } = session;
  await confirm(
    session,
    `The site ${printable(id)} takes no votes and shows no counts any more.`,
    yes === true,
  );
  await moderation.removeSite(id);
  if (out.json) await out.object({ site: id, removed: true });
  else await out.line(`The site ${printable(id)} is served no more; its votes are kept.`);
}
