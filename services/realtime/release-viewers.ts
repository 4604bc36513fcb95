/** Sends viewers away so that they come back elsewhere, a few at a time. */
import type { Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** An open connection of engine.io. */
export interface ViewerConnection {
  close(): unknown;
}

/** Between two batches. */
const BATCH_PAUSE_MS = 50;

/**
 * Closes the connections in random order, spread evenly over `spread_ms`. The connection is closed, not the socket: a
 * client that the server disconnects stays away, one whose connection ends comes back by itself, after a random pause.
 * Without the spread, all viewers of this process would arrive at its neighbours within a second.
 */
export async function releaseViewers(
  connections: readonly ViewerConnection[],
  spread_ms: number,
): Promise<void> {
  const batches = Math.max(1, Math.floor(spread_ms / BATCH_PAUSE_MS));
  const shuffled = shuffle(connections);
  for (let batch = 0; batch < batches && shuffled.length > 0; batch++) {
    if (batch > 0) await pause(BATCH_PAUSE_MS);
    const size = Math.ceil(shuffled.length / (batches - batch));
    for (const connection of shuffled.splice(0, size)) connection.close();
  }
}

/** How long whoever was sent away may take to answer. */
const FAREWELL_MS = 1_000;

/**
 * Resolves once the streams are closed. A phone that sleeps, or that was carried off, answers no farewell, and its connection would
 * stand for half a minute (RFC 6455, section 7.1.1: whoever closes waits for the other side): it is cut off after a second.
 */
export async function endStreams(streams: readonly Duplex[]): Promise<void> {
  const open = streams.filter(({ destroyed }) => !destroyed);
  const closed = Promise.all(
    open.map((stream) => new Promise<void>((resolve) => void stream.once("close", resolve))),
  );
  await Promise.race([closed, pause(FAREWELL_MS)]);
  for (const stream of open) stream.destroy();
  await closed;
}

/** A copy in random order. */
function shuffle<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
