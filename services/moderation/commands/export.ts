/** `reactions export`: everything of a site into a file or a pipe. */
import { open, rename, rm } from "node:fs/promises";
import { parseExportLine, type TrailerLine } from "../../../shared/contract/export.ts";
import { escapeUnprintable } from "../printing/printable.ts";
import type { Session } from "../session.ts";
import type { AddCommand } from "./command.ts";

/** The last line is shorter than this. */
const TAIL_CHARACTERS = 1_000;

export const addExport: AddCommand = (program, action) => {
  program
    .command("export")
    .argument("[file]", "where to write; standard output without one")
    .description("write pages, votes (under pseudonyms), base counts and audit of the site as NDJSON")
    .action(action(exportSite));
};

/** What was read broke off before its last line. */
export class CutOff extends Error {
  override readonly name = "CutOff";
}

async function exportSite(session: Session, file: string | undefined): Promise<void> {
  const { moderation, out, ending } = session;
  const lines = await moderation.exportSite(ending);
  if (file === undefined) {
    const trailer = await copy(lines, (text) => out.text(out.onTerminal ? escapeUnprintable(text) : text));
    out.note(summary(trailer));
    return;
  }
  // Under its own name only once it is whole.
  const part = `${file}.part`;
  const handle = await open(part, "w");
  let trailer: TrailerLine;
  try {
    trailer = await copy(lines, async (text) => void (await handle.write(text)));
  } catch (error) {
    await handle.close();
    await rm(part);
    throw error;
  }
  await handle.close();
  await rename(part, file);
  if (out.json) await out.object({ file, pages: trailer.pages, votes: trailer.votes, audit: trailer.audit });
  else await out.line(summary(trailer));
}

/** Writes what comes, no faster than it can be written; resolves to the trailer. */
async function copy(
  lines: ReadableStream<Uint8Array>,
  write: (text: string) => Promise<void>,
): Promise<TrailerLine> {
  const decoder = new TextDecoder();
  let tail = "";
  try {
    for await (const chunk of lines) {
      const text = decoder.decode(chunk, { stream: true });
      tail = (tail + text).slice(-TAIL_CHARACTERS);
      await write(text);
    }
  } catch (error) {
    // What fetch says when a connection breaks is no sentence.
    throw error instanceof TypeError ? new CutOff("The connection broke before the export's end.") : error;
  }
  const last = tail.endsWith("\n") ? tail.trimEnd().split("\n").at(-1) : undefined;
  const line = last === undefined ? undefined : parseExportLine(last);
  if (line?.kind !== "trailer") throw new CutOff("The export was cut off: its last line is missing.");
  return line;
}

function summary({ pages, votes, audit }: TrailerLine): string {
  return `${pages.toLocaleString("en")} pages, ${votes.toLocaleString("en")} votes and ${audit.toLocaleString("en")} audit entries exported.`;
}
