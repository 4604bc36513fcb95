import type { CountsSeen } from "./history.ts";

/** A connection is named after its viewer, with a number behind the last dot. One without a number is a viewer of its own. */
export function viewerOf({ connection }: Pick<CountsSeen, "connection">): string {
  const dot = connection.lastIndexOf(".");
  return dot < 0 ? connection : connection.slice(0, dot);
}
