/** The command line as a real process, as `npm run build` made it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ADMIN_TOKEN } from "./moderator.ts";

const MAIN = fileURLToPath(new URL("../../dist/services/moderation/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** All that it has written to standard output so far. */
  out(): string;
  readonly ended: Promise<Ended>;
}

/** Where it is to find the service, and what stands in its environment. */
export interface CliSurroundings {
  readonly endpoint: string;
  readonly token?: string | undefined;
}

/** Begins a command; standard input, output and error are pipes. */
export function beginCli(
  { endpoint, token = ADMIN_TOKEN }: CliSurroundings,
  ...words: readonly string[]
): Running {
  const env = { PATH: process.env.PATH ?? "", REACTIONS_ENDPOINT: endpoint, REACTIONS_TOKEN: token };
  return follow(spawn(process.execPath, [MAIN, ...words], { env }));
}

/**
 * Begins a command on a terminal of its own, through util-linux' `script`; what it writes to either output comes as `out`.
 * @param words fit for a shell
 */
export function beginOnTerminal({ endpoint, token = ADMIN_TOKEN }: CliSurroundings, words: string): Running {
  const env = {
    PATH: process.env.PATH ?? "",
    TERM: "xterm",
    REACTIONS_ENDPOINT: endpoint,
    REACTIONS_TOKEN: token,
  };
  const command = `'${process.execPath}' '${MAIN}' ${words}`;
  return follow(spawn("script", ["-qec", command, "/dev/null"], { env }));
}

/** Runs a command to its end. */
export async function runCli(surroundings: CliSurroundings, ...words: readonly string[]): Promise<Ended> {
  const { child, ended } = beginCli(surroundings, ...words);
  child.stdin?.end();
  return await ended;
}

function follow(child: ChildProcess): Running {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  const ended = once(child, "close").then(([code]: readonly unknown[]) => ({
    code: typeof code === "number" ? code : null,
    out,
    err,
  }));
  return { child, out: () => out, ended };
}
