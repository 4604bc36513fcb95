/** When a Redis that died is started again: always, for whatever killed it (a full disk, say) may pass. */

/** A Redis that served for this long before it died counts as healthy: what killed it came from outside. */
const HEALTHY_MS = 5_000;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 2_000;
/** So many rapid deaths in a row are no accident; it is then some seven seconds since the first. */
const RAPID_DEATHS_MANY = 8;

/** What to do after a death. */
export interface Restart {
  /** Rapid deaths in a row, this one included. */
  readonly rapidDeaths: number;
  readonly after_ms: number;
  /** Whether somebody should look why. */
  readonly keepsDying: boolean;
}

/** Decides after each death; `decideRestart` is the one in use. */
export type DecideRestart = (rapidDeaths: number, served_ms: number) => Restart;

/**
 * @param rapidDeaths how many rapid deaths came just before this one
 * @param served_ms how long this one served commands, 0 when it never did
 */
export function decideRestart(rapidDeaths: number, served_ms: number): Restart {
  const count = served_ms >= HEALTHY_MS ? 1 : rapidDeaths + 1;
  const after_ms = Math.min(PAUSE_MS_FIRST * 2 ** (count - 1), PAUSE_MS_MAX);
  return { rapidDeaths: count, after_ms, keepsDying: count > RAPID_DEATHS_MANY };
}
