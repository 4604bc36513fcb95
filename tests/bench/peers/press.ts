/** One press of a button as HTTP, and many of them from 64 connections. */
import { randomInt } from "node:crypto";
import { Agent, request } from "node:http";
import { DEFAULT_REACTIONS } from "../../../shared/contract/reactions.ts";
import { Voters } from "../../../shared/votes/voters.ts";
import { SERVICE } from "../begin.ts";

const CONNECTIONS = 64;
const REACTIONS: readonly string[] = DEFAULT_REACTIONS;

export interface Press {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const voters = new Voters([{ id: "1", secret: SERVICE.SECRET }]);

/** A vote of a voter of its own, with a genuine token. */
export function ourVote(page: string): Press {
  const { path, body } = bareVote(page);
  return { path, body: { ...body, voter: voters.issue("default").token } };
}

/** A vote that says nothing of its voter. */
export function bareVote(page: string): Press {
  const reaction = REACTIONS[randomInt(REACTIONS.length)];
  return { path: "/v1/sites/default/votes", body: { page, reaction } };
}

/**
 * What the same reader presses next: another reaction, so that a way that knows who presses moves its totals by every press, as
 * those that do not know move theirs anyway.
 */
export function pressAgain({ path, body }: Press): Press {
  const pressed = REACTIONS.indexOf(String(body.reaction));
  if (pressed === -1) return { path, body };
  return { path, body: { ...body, reaction: REACTIONS[(pressed + 1) % REACTIONS.length] } };
}

/** Presses as fast as it is answered; resolves to how many presses were acknowledged, by any answer of success. */
export async function pressFor(
  seconds: number,
  address: string,
  next: () => Press,
): Promise<{ readonly acknowledged: number; readonly refused: number; readonly took_s: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const began_ms = performance.now();
  let acknowledged = 0;
  let refused = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() - began_ms < seconds * 1_000) {
        if (await isAcknowledged(address, agent, next())) acknowledged++;
        else refused++;
      }
    }),
  );
  agent.destroy();
  return { acknowledged, refused, took_s: (performance.now() - began_ms) / 1_000 };
}

/** Whether a press is answered by success. */
export function isAcknowledged(address: string, agent: Agent, { path, body }: Press): Promise<boolean> {
  return new Promise((resolve) => {
    const text = JSON.stringify(body);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    const call = request(`${address}${path}`, { method: "POST", agent, headers }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      response.once("end", () => resolve(status >= 200 && status < 300));
    });
    call.once("error", () => resolve(false));
    call.end(text);
  });
}
