/** `reactions token …`: moderators' tokens. */
import { Option } from "commander";
import type { Scope } from "../../../shared/client/client.ts";
import { SCOPES } from "../../../shared/contract/tokens.ts";
import { printable } from "../printing/printable.ts";
import type { Session } from "../session.ts";
import { showTime } from "../times.ts";
import type { AddCommand } from "./command.ts";

interface CreateOptions {
  readonly scope: Scope;
  readonly onlySite?: string;
}

export const addToken: AddCommand = (program, action) => {
  const token = program
    .command("token")
    .description("make, list and revoke the tokens that moderators and scripts use");
  token
    .command("create")
    .argument("<name>", "who uses it: lower-case letters, digits and hyphens; stands in the audit")
    .description("make a token and print it, this once")
    .addOption(
      new Option("--scope <scope>", "read: look only; moderate: orders and pages; admin: tokens and imports")
        .choices([...SCOPES])
        .default("moderate"),
    )
    .option("--only-site <site>", "the only site that it works on")
    .action(action(create));
  token.command("list").description("list all tokens, without their secrets").action(action(list));
  token
    .command("revoke")
    .argument("<name>", "name of the token")
    .description("end a token at once, everywhere")
    .action(action(revoke));
};

async function create(
  { moderation, out }: Session,
  name: string,
  { scope, onlySite }: CreateOptions,
): Promise<void> {
  const made = await moderation.createToken(
    onlySite === undefined ? { name, scope } : { name, scope, site: onlySite },
  );
  if (out.json) {
    await out.object(made);
    return;
  }
  out.note(
    `The token ${printable(made.name)} of scope ${made.scope}. It is kept as a hash only, so store it now:`,
  );
  await out.line(printable(made.token));
}

async function list({ moderation, out }: Session): Promise<void> {
  const tokens = await moderation.tokens();
  await out.rows(
    ["name", "scope", "site", "made", "by"],
    tokens.map(({ name, scope, site, at, by }) => [
      name,
      scope,
      site ?? "all",
      at === undefined ? "" : showTime(at),
      by ?? "the settings",
    ]),
    tokens,
  );
}

async function revoke({ moderation, out }: Session, name: string): Promise<void> {
  await moderation.revokeToken(name);
  if (out.json) await out.object({ name, revoked: true });
  else await out.line(`The token ${printable(name)} is nobody's any more.`);
}
