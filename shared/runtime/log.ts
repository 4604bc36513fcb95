import { type Logger, pino } from "pino";

export type Log = Logger;

/** The levels of `LOG_LEVEL`, most talkative first. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON line per event, to standard error, so that standard output stays for people. Never pass a token, an address or
 * a voter to it.
 * @param service which of the services speaks
 */
export function openLog(service: string, level: LogLevel): Log {
  return pino({ name: service, level, base: { service } }, pino.destination({ fd: 2, sync: true }));
}
