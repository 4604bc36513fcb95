/** `reactions import`: an export of this service, or totals from another one. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { Option } from "commander";
import { type ImportAnswer, ImportError, isRetryable } from "../../../shared/client/client.ts";
import { writeExportLine } from "../../../shared/contract/export.ts";
import { confirm } from "../confirm.ts";
import { readArtalk } from "../importers/artalk.ts";
import { readDisqus } from "../importers/disqus.ts";
import { baseLines, type ForeignPage, mapTotals } from "../importers/foreign-totals.ts";
import { readHyvor } from "../importers/hyvor.ts";
import { EXAMPLE_MAP, parseReactionMap } from "../importers/reaction-map.ts";
import { readWaline } from "../importers/waline.ts";
import { printable } from "../printing/printable.ts";
import { openProgress } from "../printing/progress.ts";
import { showVotes } from "../printing/votes.ts";
import { readInput } from "../read-input.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { WrongFile } from "../wrong-file.ts";
import { type AddCommand, wholeNumber } from "./command.ts";

interface ImportOptions {
  readonly from?: keyof typeof READ_FOREIGN;
  readonly map?: string;
  readonly origin?: string;
  readonly fromLine: number;
  readonly yes?: true;
}

/** Other services' files, by what `--from` says. */
const READ_FOREIGN: Readonly<Record<string, (text: string) => readonly ForeignPage[]>> = {
  waline: readWaline,
  artalk: readArtalk,
  disqus: readDisqus,
  hyvor: readHyvor,
};

/** An import that was interrupted goes on by itself so often, and waits so long at least. */
const TRIES_MAX = 10;
const PAUSE_MS = 1_000;

export const addImport: AddCommand = (program, action) => {
  program
    .command("import")
    .argument(
      "<file>",
      "what `reactions export` wrote, or with --from another service's file; - for standard input",
    )
    .addOption(new Option("--from <service>", "whose file it is").choices(Object.keys(READ_FOREIGN)))
    .option(
      "--map <pairs>",
      `which of our reactions theirs become, as in ${EXAMPLE_MAP}; of the same name by itself`,
    )
    .option("--origin <url>", "put before pages that are paths, as in https://news.example")
    .option("--from-line <number>", "go on after an import that ended there", wholeNumber(1, 999_999_999), 1)
    .option("--yes", "do not ask")
    .description(
      "take an export in, or give pages the totals of another service as base counts; twice is once",
    )
    .action(action(importFile));
};

async function importFile(session: Session, file: string, options: ImportOptions): Promise<void> {
  const { out } = session;
  if (options.from === undefined && (options.map !== undefined || options.origin !== undefined)) {
    throw new UsageError("--map and --origin are for the files of other services: say --from too.");
  }
  const open =
    options.from === undefined
      ? await openOwn(session, file, options)
      : await openForeign(session, file, options);
  const answer = await sendAll(session, open, options.fromLine);
  if (out.json) await out.object(answer);
  else {
    await out.line(
      `${answer.pages.toLocaleString("en")} pages, ${answer.votes.toLocaleString("en")} votes and ${answer.audit.toLocaleString("en")} audit entries imported.`,
    );
  }
}

/** What is to be sent: opened anew for each try, unless it can be read only once. */
interface Opened {
  readonly lines: () => ReadableStream<Uint8Array>;
  readonly once: boolean;
}

async function openOwn(session: Session, file: string, { yes }: ImportOptions): Promise<Opened> {
  await confirm(
    session,
    `This imports ${printable(file)} into the site ${printable(session.site)}.`,
    yes === true,
  );
  if (file === "-") return { lines: () => webStream(process.stdin), once: true };
  const size = await stat(file).catch((error: Error) => {
    throw new WrongFile(`${file} cannot be read: ${error.message}`);
  });
  return {
    lines: () => {
      const progress = openProgress(session.out, "importing", size.size);
      const stream = createReadStream(file);
      stream.on("data", () => progress.show(stream.bytesRead));
      stream.on("close", () => progress.close());
      return webStream(stream);
    },
    once: false,
  };
}

async function openForeign(session: Session, file: string, options: ImportOptions): Promise<Opened> {
  const { out, reactions, site } = session;
  const read = READ_FOREIGN[options.from ?? ""];
  if (read === undefined) throw new UsageError("--from: expected the name of a service.");
  const foreign = read(await readInput(file));
  const [counts] = await reactions.counts(["-"]);
  const ours = Object.keys(counts?.counts ?? {});
  const { pages, unmapped, unnamed } = mapTotals(
    foreign,
    parseReactionMap(options.map, ours),
    originOf(options),
  );
  if (unmapped.size > 0) {
    out.note(
      `Left out, because --map gives them no place: ${printable(showVotes(Object.fromEntries(unmapped)))}`,
    );
  }
  if (unnamed > 0) out.note(`Left out: ${unnamed} pages whose names cannot be page ids.`);
  if (pages.length === 0) throw new WrongFile("Nothing is left to import.");
  const votes = pages.flatMap(({ base }) => Object.values(base)).reduce((sum, count) => sum + count, 0);
  const question = `This gives ${pages.length.toLocaleString("en")} pages base counts of ${votes.toLocaleString("en")} votes in all.`;
  await confirm(session, question, options.yes === true);
  const lines = [...baseLines(site, ours, pages, Date.now())].map((line) => `${writeExportLine(line)}\n`);
  return { lines: () => webStream(Readable.from(lines.map((line) => Buffer.from(line)))), once: false };
}

function originOf({ origin }: ImportOptions): string | undefined {
  if (origin === undefined) return undefined;
  if (!URL.canParse(origin) || !/^https?:/.test(origin)) {
    throw new UsageError(
      `--origin: expected an address like https://news.example, got ${JSON.stringify(origin)}`,
    );
  }
  return origin.replace(/\/+$/, "");
}

/** Sends it all, going on where an outage ended it; what was sent twice counts once. */
async function sendAll(
  { moderation, out, ending }: Session,
  open: Opened,
  from: number,
): Promise<ImportAnswer> {
  let fromLine = from;
  for (let tries = 1; ; tries++) {
    try {
      return await moderation.importSite(open.lines(), { fromLine, signal: ending });
    } catch (error) {
      fromLine = error instanceof ImportError ? error.line : fromLine;
      if (!isRetryable(error) || open.once || tries >= TRIES_MAX || ending.aborted) {
        if (fromLine > from) out.note(`To go on from there: --from-line ${fromLine}`);
        throw error;
      }
      out.note(`${error instanceof Error ? printable(error.message) : ""} Going on from line ${fromLine} …`);
      await pause(PAUSE_MS * tries, undefined, { signal: ending });
    }
  }
}

/** A stream of the web, as fetch sends it: read only as fast as it is taken. */
function webStream(stream: Readable): ReadableStream<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void stream.destroy(),
  });
}
