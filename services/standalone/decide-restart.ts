/** Whether a Redis that died is started again, and when. */

/** A Redis that served for this long before it died counts as healthy: what killed it came from outside. */
const HEALTHY_MS = 5_000;
const PAUSE_MS_FIRST = 50;
const PAUSE_MS_MAX = 2_000;
/** So many rapid deaths in a row are no accident; it is then some seven seconds since the first. */
const RAPID_DEATHS_MAX = 8;

/** What to do after a death. */
export type AfterDeath =
  | { readonly kind: "restart"; readonly rapidDeaths: number; readonly after_ms: number }
  | { readonly kind: "give up"; readonly rapidDeaths: number };

/** Decides after each death; `decideRestart` is the one in use. */
export type DecideRestart = (rapidDeaths: number, served_ms: number) => AfterDeath;

/**
 * @param rapidDeaths how many rapid deaths came just before this one
 * @param served_ms how long this one served commands, 0 when it never did
 */
export function decideRestart(rapidDeaths: number, served_ms: number): AfterDeath {
  const count = served_ms >= HEALTHY_MS ? 1 : rapidDeaths + 1;
  if (count > RAPID_DEATHS_MAX) return { kind: "give up", rapidDeaths: count };
  const after_ms = Math.min(PAUSE_MS_FIRST * 2 ** (count - 1), PAUSE_MS_MAX);
  return { kind: "restart", rapidDeaths: count, after_ms };
}
