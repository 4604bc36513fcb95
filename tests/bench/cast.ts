/** Votes over keep-alive connections, at a pace. */
import { type Agent, request } from "node:http";

/**
 * Starts votes evenly, whether or not earlier ones were answered; `end` resolves to how many were sent.
 * @param openMax unanswered ones that it waits at, so that a service that cannot keep the pace is not buried under it
 */
export function keepVoting(aSecond: number, cast: () => Promise<void>, openMax = Number.POSITIVE_INFINITY) {
  const began_ms = performance.now();
  const open = new Set<Promise<void>>();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began_ms) / 1_000) * aSecond);
    for (; sent < due && open.size < openMax; sent++) {
      const vote = cast();
      open.add(vote);
      void vote.finally(() => open.delete(vote));
    }
  }, 5);
  return {
    end: async (): Promise<number> => {
      clearInterval(timer);
      await Promise.all(open);
      return sent;
    },
  };
}

/** One vote; rejects unless it is accepted. */
export function post(address: string, agent: Agent, vote: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(vote);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = request(
      `${address}/v1/sites/default/votes`,
      { method: "POST", agent, headers },
      (response) => {
        response.resume();
        response.once("end", () =>
          response.statusCode === 202
            ? resolve()
            : reject(new Error(`a vote was answered ${response.statusCode}`)),
        );
      },
    );
    call.once("error", reject);
    call.end(body);
  });
}
