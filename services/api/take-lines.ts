/**
 * What an import makes of an export's lines, one by one: checks each against what came before, and says what there is to
 * store. Knows no Redis and no clock.
 */
import {
  type AuditLine,
  type ExportLine,
  type HeaderLine,
  type PageLine,
  parseExportLine,
  type TotalsLine,
  type TrailerLine,
  type VoteLine,
} from "../../shared/contract/export.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { HELD, SETTLED } from "../../shared/tallies/record.ts";
import { TAKEN_REACTION } from "../../shared/votes/vote-job.ts";

/** A line that cannot follow what came before it; the message is a sentence. */
export class LineOrderError extends Error {
  override readonly name = "LineOrderError";
}

/** How many lines of each kind there were. */
export interface Taken {
  readonly pages: number;
  readonly votes: number;
  readonly audit: number;
}

/** A line to store: a vote comes with its page. */
export type ToStore =
  | PageLine
  | AuditLine
  | (VoteLine & { readonly page: string; readonly index: number | null });

interface OpenPage {
  readonly line: PageLine;
  votes: number;
  voter: string;
  readonly counts: Map<string, number>;
}

export class LineTaker {
  readonly #site: Site;
  #header: HeaderLine | undefined;
  #page: OpenPage | undefined;
  #ended = false;
  #pages = 0;
  #votes = 0;
  #audit = 0;

  constructor(site: Site) {
    this.#site = site;
  }

  get taken(): Taken {
    return { pages: this.#pages, votes: this.#votes, audit: this.#audit };
  }

  /** Whether the header has come. */
  get begun(): boolean {
    return this.#header !== undefined;
  }

  /** Whether the trailer has come. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Takes the next line; resolves to what of it is to be stored, if anything.
   * @throws ExportLineError, LineOrderError
   */
  take(text: string): ToStore | undefined {
    const line: ExportLine = parseExportLine(text);
    if (this.#ended) throw new LineOrderError("Nothing may follow the trailer.");
    if (line.kind !== "header" && this.#header === undefined) {
      throw new LineOrderError("The first line must be a header.");
    }
    switch (line.kind) {
      case "header":
        return this.#begin(line);
      case "page":
        return this.#open(line);
      case "vote":
        return this.#vote(line);
      case "totals":
        return this.#close(line);
      case "audit":
        this.#between("An audit line");
        this.#audit++;
        return line;
      case "trailer":
        return this.#end(line);
    }
  }

  #begin(line: HeaderLine): undefined {
    if (this.#header !== undefined) throw new LineOrderError("There is a header already.");
    if (line.site !== this.#site.id) {
      throw new LineOrderError(
        `This is an export of the site ${line.site}. Its voters are known by other names on ${this.#site.id}.`,
      );
    }
    // The audit names reactions by their place, and a site only ever appends to its own.
    const other = line.reactions.find((reaction, place) => this.#site.reactions[place] !== reaction);
    if (other !== undefined) {
      throw new LineOrderError(
        `This site's reactions are ${this.#site.reactions.join(", ")}, not ${line.reactions.join(", ")}.`,
      );
    }
    this.#header = line;
  }

  #open(line: PageLine): PageLine {
    this.#between("A page");
    for (const reaction of Object.keys(line.base ?? {})) this.#index(reaction);
    this.#page = { line, votes: 0, voter: "", counts: new Map() };
    this.#pages++;
    return line;
  }

  #vote(line: VoteLine): ToStore {
    const page = this.#page;
    if (page === undefined) throw new LineOrderError("A vote must follow its page.");
    // Sorted votes cannot name a voter twice, and room was made for as many as the page's line said. A live export may
    // bring some more.
    if (line.voter <= page.voter)
      throw new LineOrderError("Votes of a page must be sorted by voter, each once.");
    if (page.votes > 2 * page.line.records + 1_000) {
      throw new LineOrderError("There are many more votes than the page's line said.");
    }
    const index = this.#code(line);
    if (line.reaction !== null && line.held !== true)
      page.counts.set(line.reaction, (page.counts.get(line.reaction) ?? 0) + 1);
    page.voter = line.voter;
    page.votes++;
    this.#votes++;
    return { ...line, page: page.line.page, index };
  }

  #close({ page: name, votes, counts }: TotalsLine): undefined {
    const page = this.#page;
    if (page === undefined || page.line.page !== name)
      throw new LineOrderError("These are totals of no open page.");
    const same = this.#site.reactions.every(
      (reaction) => (counts[reaction] ?? 0) === (page.counts.get(reaction) ?? 0),
    );
    if (votes !== page.votes || !same) {
      throw new LineOrderError(
        `The page's totals say ${votes} votes, but ${page.votes} came: some lines are missing.`,
      );
    }
    this.#page = undefined;
  }

  #end({ pages, votes, audit }: TrailerLine): undefined {
    this.#between("The trailer");
    if (pages !== this.#pages || votes !== this.#votes || audit !== this.#audit) {
      throw new LineOrderError(
        `The trailer says ${pages} pages, ${votes} votes and ${audit} audit lines, but ${this.#pages}, ${this.#votes} and ${this.#audit} came.`,
      );
    }
    this.#ended = true;
  }

  #between(what: string): void {
    if (this.#page !== undefined)
      throw new LineOrderError(`${what} may not come before the totals of the page before.`);
  }

  /** What the vote's record is to hold: what counted where it came from counts here, and what was held is held. */
  #code({ reaction, taken, held }: VoteLine): number | null {
    if (taken) return TAKEN_REACTION;
    if (reaction === null) return null;
    return this.#index(reaction) + (held ? HELD : SETTLED);
  }

  #index(reaction: string): number {
    const index = this.#site.reactions.indexOf(reaction);
    if (index === -1) throw new LineOrderError(`This site has no reaction ${reaction}.`);
    return index;
  }
}
