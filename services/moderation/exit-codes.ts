import { ServiceError } from "../../shared/client/client.ts";
import { UsageError } from "./usage-error.ts";

/** What the process ends with; scripts rely on it. */
export const EXIT = {
  /** All is done. */
  done: 0,
  /** Something failed that may pass, or a file cannot be read: no answer, an outage, an order that failed. */
  failed: 1,
  /** The command cannot be meant as it was given; nothing was sent. */
  usage: 2,
  /** The service refused; the message and the code say why. */
  refused: 3,
} as const;

/** The exit code for something thrown. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof ServiceError && !error.retryable && error.status !== 0 ? EXIT.refused : EXIT.failed;
}
