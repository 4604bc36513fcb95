/** Readers who vote without a pause while something is done to the service, and who know what they were promised. */
import { setTimeout as pause } from "node:timers/promises";
import { Voters } from "../../shared/votes/voters.ts";
import { vote } from "./reader.ts";

/** What test services sign voters' tokens with. */
export const TEST_SECRET = "a secret that only tests know";

/** Between two tries of a vote that was refused as retryable. */
const RETRY_MS = 100;

export interface VoteLoad {
  /** Votes answered 202, by page: each of a voter of its own. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Answers that were neither 202 nor a retryable refusal; must stay empty. */
  readonly wrong: readonly string[];
  /** Tries that were refused, or that nobody answered. */
  readonly refused: () => number;
  /** Longest time in which no vote at all was accepted, ms. */
  readonly gap_ms_max: () => number;
  /** Resolves when so many more votes were accepted on each page. */
  more(count: number): Promise<void>;
  /** Every reader gets the answer to the vote in hand, trying until it is accepted. */
  stop(): Promise<void>;
}

/**
 * @param service whom to send the next vote to; asked for each try
 * @param readers how many vote side by side
 */
export function startVoteLoad(service: () => string, pages: readonly string[], readers: number): VoteLoad {
  const voters = new Voters([{ id: "1", secret: TEST_SECRET }]);
  const accepted = new Map(pages.map((page) => [page, 0]));
  const wrong: string[] = [];
  let refused = 0;
  let gap_ms_max = 0;
  let accepted_ms = performance.now();
  let stopping = false;
  let next = 0;

  const castOne = async (page: string): Promise<void> => {
    const { token } = voters.issue("default");
    for (;;) {
      const answer = await vote(service(), { page, reaction: "great", voter: token }).catch(() => undefined);
      if (answer?.status === 202) break;
      // Without an answer its fate is unknown; a vote is a state, so the same one is sent again.
      if (answer !== undefined && answer.body.retryable !== true)
        wrong.push(`${answer.status} ${answer.body.code}`);
      refused++;
      await pause(RETRY_MS);
    }
    const now_ms = performance.now();
    gap_ms_max = Math.max(gap_ms_max, now_ms - accepted_ms);
    accepted_ms = now_ms;
    accepted.set(page, (accepted.get(page) ?? 0) + 1);
  };
  const read = async (): Promise<void> => {
    while (!stopping) await castOne(pages[next++ % pages.length] ?? "");
  };
  const all = Promise.all(Array.from({ length: readers }, read));
  return {
    accepted,
    wrong,
    refused: () => refused,
    gap_ms_max: () => Math.max(gap_ms_max, performance.now() - accepted_ms),
    more: async (count) => {
      const goal = new Map([...accepted].map(([page, now]) => [page, now + count]));
      while ([...goal].some(([page, least]) => (accepted.get(page) ?? 0) < least)) await pause(20);
    },
    stop: async () => {
      stopping = true;
      await all;
    },
  };
}
