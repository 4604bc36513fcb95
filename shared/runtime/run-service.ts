/** What every main.ts does: read the settings, start, stop on a signal, and say in one sentence what went wrong. */
import { type Config, ConfigError, readConfig } from "./config.ts";
import { Lifecycle } from "./lifecycle.ts";
import { type Log, openLog } from "./log.ts";
import { within } from "./within.ts";

/** A stop is over within 10 s, even when Redis is away. */
const STOP_MS_MAX = 9_500;

/**
 * One Ctrl-C may be several signals: a terminal sends it to the shell, npm and Node alike, and npm passes its own on to its child.
 * Those come within milliseconds; a second press comes later.
 */
const ONE_PRESS_MS = 1_000;

/** Opens a service's parts, each registered with the lifecycle. */
export type StartService = (config: Config, lifecycle: Lifecycle, log: Log) => Promise<void>;

/**
 * Runs a service until SIGINT or SIGTERM; a signal that comes more than a second after the first ends it at once. Exit code 0 after
 * a clean stop, 1 when it could not start or had to give up.
 * @param defaults settings of this service that differ from those of all
 * @param stop_ms_max longest that a stop may take; one part of it at most half as long
 */
export async function runService(
  name: string,
  start: StartService,
  defaults: Readonly<Record<string, string>> = {},
  stop_ms_max = STOP_MS_MAX,
): Promise<void> {
  const config = settingsOrExit(defaults);
  const log = openLog(name, config.logLevel);
  const report = (part: string, error: unknown): void =>
    log.error({ part, err: error }, "did not close well");
  const lifecycle = new Lifecycle(report, stop_ms_max / 2);
  let stopping_ms: number | undefined;
  const end = async (code: number): Promise<void> => {
    if (stopping_ms !== undefined) process.exit(1);
    stopping_ms = performance.now();
    // Whatever does not close by then hangs on something that is gone.
    await within(stop_ms_max, lifecycle.stop(), "did not stop in time").catch((error) => {
      log.warn({ err: error }, "stop");
      process.exit(1);
    });
    process.exit(code);
  };
  const onSignal = (): void => {
    if (stopping_ms !== undefined && performance.now() - stopping_ms < ONE_PRESS_MS) return;
    void end(0);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "unexpected");
    void end(1);
  });
  try {
    await start(config, lifecycle, log);
  } catch (error) {
    // What is stopped while it starts finds its things closed.
    if (stopping_ms !== undefined) return;
    process.stderr.write(`${sentence(error)}\n`);
    await end(1);
  }
}

function settingsOrExit(defaults: Readonly<Record<string, string>>): Config {
  try {
    const given = process.argv.includes("--open") ? { OPEN: "on" } : {};
    return readConfig({ ...defaults, ...process.env, ...given });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

/** People read this, so no stack trace: a port in use, a secret missing. */
function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === "EADDRINUSE")
    return `Something else listens on ${address}:${port} already. Set PORT to another number.`;
  if (code === "EACCES")
    return `This user may not listen on ${address}:${port}. Set PORT to a number above 1023.`;
  return error.message;
}
