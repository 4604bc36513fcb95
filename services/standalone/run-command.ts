import { execFile } from "node:child_process";

/** How a command ended. */
export interface CommandResult {
  /** False when it could not be begun, was refused, or took too long. */
  readonly ok: boolean;
  /** Standard output, then standard error, trimmed; for a command that said nothing, why it failed. */
  readonly output: string;
}

/** What bounds a command. */
export interface CommandBounds {
  readonly ms_max: number;
  /** What ends it when it takes longer. Default SIGKILL: what hangs on a dead socket may not listen to anything else. */
  readonly killSignal?: "SIGTERM" | "SIGKILL";
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one command without a shell, bounded in time; resolves in every case. */
export function runCommand(
  command: string,
  args: readonly string[],
  { ms_max, killSignal = "SIGKILL", env = {} }: CommandBounds,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = {
      timeout: ms_max,
      killSignal,
      maxBuffer: 16 * 1024 * 1024,
      env: { ...process.env, ...env },
    };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      const said = `${stdout}\n${stderr}`.trim();
      if (error?.killed === true) resolve({ ok: false, output: `took longer than ${ms_max / 1_000} s` });
      else resolve({ ok: error === null, output: said === "" ? (error?.message ?? "") : said });
    });
  });
}
