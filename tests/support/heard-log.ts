import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import type { Log } from "../../shared/runtime/log.ts";

/** A log that a test can wait on. */
export interface HeardLog {
  readonly log: Log;
  /** Resolves to the line when the log says `message` the next time, counted from the call. */
  next(message: string): Promise<unknown>;
}

export function hearLog(): HeardLog {
  const said = new EventEmitter();
  const write = (line: string) => {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === "object" && parsed !== null && "msg" in parsed)
      said.emit(String(parsed.msg), parsed);
  };
  return {
    log: pino({ level: "debug" }, { write }),
    next: async (message) => (await once(said, message))[0],
  };
}
