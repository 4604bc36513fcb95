/** Where a command writes: results to standard output, all else to standard error. */
import { once } from "node:events";
import type { WriteStream } from "node:tty";
import { printableJson } from "./printable.ts";
import { type Cell, tableOf } from "./table.ts";

/** Whoever read our output has gone, as `head` does: no failure, but no reason to go on. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

export class Out {
  /** One object a line instead of text. */
  readonly json: boolean;
  #gone = false;

  constructor(json: boolean) {
    this.json = json;
    // Without a listener a closed pipe would end the process with a stack trace.
    process.stdout.on("error", () => {
      this.#gone = true;
    });
    process.stderr.on("error", () => {});
  }

  /** Whether a person watches standard error, where progress is shown. */
  get watched(): boolean {
    return process.stderr.isTTY === true;
  }

  /** Whether somebody can be asked. */
  get canAsk(): boolean {
    return process.stdin.isTTY === true && this.watched;
  }

  /** Whether results go to a terminal. */
  get onTerminal(): boolean {
    return process.stdout.isTTY === true;
  }

  /**
   * Writes text as it is; resolves when more may be written.
   * @param text safe to print
   * @throws ReaderGone
   */
  async text(text: string): Promise<void> {
    await this.#write(process.stdout, text);
  }

  /** Text for people, as one line. */
  async line(text: string): Promise<void> {
    await this.text(`${text}\n`);
  }

  /** Rows: a table, or one object a row. `rows` and `objects` say the same. */
  async rows(
    heads: readonly string[],
    rows: readonly (readonly Cell[])[],
    objects: readonly unknown[],
  ): Promise<void> {
    if (!this.json) await this.text(tableOf(heads, rows));
    for (const object of this.json ? objects : []) await this.object(object);
  }

  /** A result for scripts: one line of JSON. */
  async object(value: unknown): Promise<void> {
    await this.text(`${printableJson(value)}\n`);
  }

  /** A remark for people, beside the results. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  async #write(stream: WriteStream, text: string): Promise<void> {
    if (!this.#gone && !stream.write(text) && !this.#gone) {
      await Promise.race([once(stream, "drain"), once(stream, "close")]).catch(() => {});
    }
    if (this.#gone) throw new ReaderGone();
  }
}
