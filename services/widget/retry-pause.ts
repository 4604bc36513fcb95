const FIRST_MS = 1_000;
const MOST_MS = 60_000;

/**
 * How long to wait before the next try: twice as long each time up to a minute, and never the same for two readers, so that
 * a service that comes back is not met by all of them at once.
 * @param tries failed so far, from 1
 * @param least_ms what the service asked for
 * @param random from 0 to 1
 */
export function retryPause_ms(tries: number, least_ms: number, random: number = Math.random()): number {
  return Math.max(least_ms, Math.min(MOST_MS, FIRST_MS * 2 ** (tries - 1))) * (0.5 + random);
}
