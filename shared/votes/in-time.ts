import { Refusal } from "../contract/problems.ts";
import { COMMAND_MS_MAX } from "../runtime/redis-connections.ts";
import { before, LateError } from "../runtime/within.ts";

/**
 * `work`, if it settles before the time of what began then is over. Whoever asks Redis several things one after the other may take no
 * longer for all of them than for one, or the refusal would come too late.
 * @param began_ms by `performance.now()`
 * @throws Refusal `unavailable`
 */
export async function inTime<Value>(began_ms: number, work: Promise<Value>): Promise<Value> {
  try {
    return await before(began_ms + COMMAND_MS_MAX, work, "this took too long");
  } catch (error) {
    throw error instanceof LateError ? new Refusal("unavailable") : error;
  }
}
