/** All commands, with their help. */
import tab from "@bomb.sh/tab/commander";
import { Command } from "commander";
import type { Action } from "./commands/command.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addImport } from "./commands/import.ts";
import { addOrders } from "./commands/orders.ts";
import { addPage } from "./commands/page.ts";
import { addPages } from "./commands/pages.ts";
import { addSite } from "./commands/site.ts";
import { addSources } from "./commands/sources.ts";
import { addToken } from "./commands/token.ts";
import { addVoter } from "./commands/voter.ts";
import { addWatch } from "./commands/watch.ts";
import { addWebhook } from "./commands/webhook.ts";
import { Session, type Surroundings } from "./session.ts";

const ADD = [
  addPage,
  addVoter,
  addSources,
  addOrders,
  addToken,
  addSite,
  addWebhook,
  addPages,
  addWatch,
  addExport,
  addImport,
  addDoctor,
];

const AFTER_HELP = `
Environment:
  REACTIONS_TOKEN      a moderator's token; counts and watch need none
  REACTIONS_ENDPOINT   instead of --endpoint
  REACTIONS_SITE       instead of --site

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 refused by the service.

Examples:
  reactions page show https://news.example/a-quiet-harbour
  reactions suspects
  reactions page purge https://news.example/a-quiet-harbour --source 9f86d0 --since 2h --dry-run
  reactions undo <id>`;

/** A program that is used once. It throws instead of ending the process. */
export function programOf(surroundings: Surroundings, ending: AbortSignal): Command {
  const program = new Command("reactions")
    .description("See and keep in order what readers press under a site's articles.")
    .option("--endpoint <url>", "where the service is", surroundings.endpoint)
    .option("--site <site>", "id of the site", surroundings.site)
    .option("--json", "one JSON object, or one a line, instead of text")
    .addHelpText("after", AFTER_HELP)
    .exitOverride()
    .showHelpAfterError("(reactions --help tells more)");
  const action: Action = (run) =>
    function (this, ...parsed) {
      return run(new Session(this, surroundings, ending), ...parsed);
    };
  for (const add of ADD) add(program, action);
  tab(program, { completionCommandName: "completion" });
  return program;
}
