import { type Command, InvalidArgumentError } from "commander";
import type { Session } from "../session.ts";

/**
 * Makes of a command's work the function that commander calls: with the command as `this`, then what it parsed, arguments in
 * order, options last.
 */
export type Action = <Parsed extends unknown[]>(
  run: (session: Session, ...parsed: Parsed) => Promise<void>,
) => (this: Command, ...parsed: Parsed) => Promise<void>;

/** Adds one command, with its subcommands, to the program. */
export type AddCommand = (program: Command, action: Action) => void;

/** The options of orders that take votes away. */
export function orderOptions(command: Command): Command {
  return command
    .option("--dry-run", "only say how many votes of which reactions would go")
    .option("--yes", "do not ask")
    .option("--reason <text>", "why, for the audit");
}

/** A whole number for an option, for commander's `argParser`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
