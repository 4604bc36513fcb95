/** This host's clock, which the Redis of the tests reads as well: in fractions of a millisecond, and never back. */

/** A run of hours, or a machine that slept, leaves the monotonic clock behind the one that Redis stamps with. */
const DRIFT_MS_MAX = 50;

let origin_ms = performance.timeOrigin;
let latest_ms = 0;

/** Unix ms. */
export function now_ms(): number {
  const wall_ms = Date.now();
  if (Math.abs(wall_ms - origin_ms - performance.now()) > DRIFT_MS_MAX)
    origin_ms = wall_ms - performance.now();
  latest_ms = Math.max(latest_ms, origin_ms + performance.now());
  return latest_ms;
}
