/** A connection of engine.io whose messages can be counted. */
export interface SlowConnection {
  readonly readyState: string;
  close(discard?: boolean): unknown;
}

/**
 * Messages that may wait in this process for one connection: a client that watches a hundred pages gets as many in a second.
 * The system's own buffers are full by then.
 */
const WAITING_MAX = 1_000;

/**
 * Ends connections whose clients do not read: what is sent to them piles up here, and socket.io would let it until a ping
 * goes unanswered, 45 s later. A client that was only slow comes back and is told the newest counts, which is all it needs.
 * @returns how many were ended
 */
export function endSlowViewers(connections: Iterable<SlowConnection>): number {
  let ended = 0;
  for (const connection of connections) {
    if (connection.readyState !== "open" || waiting(connection) <= WAITING_MAX) continue;
    connection.close(true);
    ended++;
  }
  return ended;
}

/** engine.io keeps its list of what is still to be written to itself; without it nobody is slow. */
function waiting(connection: SlowConnection): number {
  const list: unknown = Reflect.get(connection, "writeBuffer");
  return Array.isArray(list) ? list.length : 0;
}
