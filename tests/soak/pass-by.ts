/**
 * Readers who come once: each asks for a token, opens a socket, votes and goes, from an address that nobody had before. The crowd makes
 * its tokens itself, and has its sockets from the same few addresses each round; what counts new voters and sockets by network would
 * never hear of another.
 */
import { setTimeout as pause } from "node:timers/promises";
import { isObject } from "../../shared/contract/object.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { askOverSocket } from "../faults/rig/ask-vote.ts";
import type { Random } from "../faults/rig/random.ts";
import type { Fault, FaultScene } from "../faults/rig/round.ts";
import { connectReader } from "../support/connect-reader.ts";

const PAUSE_MS = 250;

/** In the place of a fault: nothing breaks. Whoever is refused ends the round: limits of speed are far above this. */
export function passBy(round_ms: number): Fault {
  return async (scene) => {
    const until_ms = performance.now() + round_ms;
    const passing: Promise<void>[] = [];
    while (performance.now() < until_ms) {
      passing.push(passOne(scene));
      await pause(PAUSE_MS);
    }
    await Promise.all(passing);
  };
}

async function passOne({ bed, history, pages, random }: FaultScene): Promise<void> {
  const headers = { "x-forwarded-for": newAddress(random) };
  const page = random.pick(pages);
  const { url: api } = random.pick(bed.apis);
  const { url: realtime } = random.pick(bed.realtimes);
  const voter = await askToken(api, headers);
  const lifecycle = new Lifecycle();
  try {
    const socket = await connectReader(realtime, lifecycle, headers);
    await askOverSocket(history, realtime, socket, { voter, page, reaction: "great" });
  } finally {
    await lifecycle.stop();
  }
}

async function askToken(api: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${api}/v1/sites/default/voters`, { method: "POST", headers });
  const body: unknown = await response.json();
  if (!isObject(body) || typeof body.voter !== "string") throw new Error(JSON.stringify(body));
  return body.voter;
}

/** Of IPv6, whose /64 and /48 are counted both; the crowd has those of IPv4. */
function newAddress(random: Random): string {
  const group = (): string => random.below(2 ** 16).toString(16);
  return `2001:db8:${group()}:${group()}::1`;
}
