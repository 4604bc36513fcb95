import { createHash } from "node:crypto";

/** Addresses that many voters come from: more than a quiet page counts at once, so that some of their votes are held. */
const SHARED = 2;

/**
 * Where a voter, or a socket, is said to come from, the same each time. Half of them share two addresses; of the others each has one
 * of its own, so that the page learns of readers and lets some of what is held go.
 */
export function addressOfVoter(voter: string): string {
  const [shares = 0, a = 0, b = 0, c = 0, d = 0] = createHash("sha256").update(voter).digest();
  return shares < 128 ? `203.0.113.${1 + (a % SHARED)}` : `${20 + (a % 80)}.${b}.${c}.${1 + (d % 254)}`;
}
