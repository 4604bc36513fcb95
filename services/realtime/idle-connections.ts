/** How many looks in a row a connection may be idle. */
const LOOKS_MAX = 5;

/**
 * Finds connections that only hold a place: looked at once in a while, and idle each time. Our own client has none while it
 * watches nothing, and comes back when it is ended while it does.
 */
export class IdleConnections<Connection> {
  /** In how many looks up to now each of them was idle. */
  #idle = new Map<Connection, number>();

  /**
   * @param connections all that are open
   * @param busy those among them that watch something, or sent something since the last look
   * @returns those to end
   */
  look(connections: Iterable<Connection>, busy: ReadonlySet<Connection>): readonly Connection[] {
    const idle = new Map<Connection, number>();
    for (const connection of connections) {
      if (!busy.has(connection)) idle.set(connection, (this.#idle.get(connection) ?? 0) + 1);
    }
    this.#idle = idle;
    return [...idle].filter(([, looks]) => looks >= LOOKS_MAX).map(([connection]) => connection);
  }
}
