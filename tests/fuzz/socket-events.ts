/** The events that viewers' sockets are answered: all that the contract names, or this does not compile. */
import type { ClientEvents } from "../../shared/contract/events.ts";

const ANSWERED: Readonly<Record<keyof ClientEvents, true>> = {
  watch: true,
  unwatch: true,
  voter: true,
  vote: true,
};

export const SOCKET_EVENTS: readonly string[] = Object.keys(ANSWERED);

/** What an event is called among operations. */
export function operationOfEvent(event: string): string {
  return `socket event ${event}`;
}
