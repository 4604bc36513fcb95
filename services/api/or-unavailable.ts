import { Refusal } from "../../shared/contract/problems.ts";

/**
 * Redis that does not answer is an outage to wait for, not a fault of ours; a refusal stays what it is.
 * @param what cannot be done, as a sentence for people
 * @throws Refusal `unavailable`
 */
export async function orUnavailable<Value>(
  work: Promise<Value>,
  what = "This cannot be read or stored at this moment.",
): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("unavailable", what);
  }
}
