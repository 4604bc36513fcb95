/** Whether a run got everything carried out that the service does: of what is always refused, little was fuzzed. */
import { operationOfEvent, SOCKET_EVENTS } from "./socket-events.ts";

/** What fewer inputs leave out may be chance. The rarest operations are carried out seven times or more by so many. */
const INPUTS_MIN = 20_000;

/**
 * @param routes all operations of the OpenAPI document
 * @param done operations of which an input was accepted
 * @param thrown how many inputs there were
 */
export function lookForNeverDone(
  routes: readonly string[],
  done: ReadonlySet<string>,
  thrown: number,
): { readonly said: string; readonly faults: readonly string[] } {
  const operations = [...routes, ...SOCKET_EVENTS.map(operationOfEvent)];
  const never = operations.filter((operation) => !done.has(operation));
  const count = `${operations.length - never.length} of ${operations.length} operations were carried out: routes of the OpenAPI document and events of sockets`;
  return {
    said: never.length === 0 ? count : `${count}. Not carried out: ${never.join(", ")}`,
    faults: thrown < INPUTS_MIN ? [] : never.map((operation) => `never carried out: ${operation}`),
  };
}
