/** Asks for one vote, and writes down what was asked and what came of it. */
import type { VoteRequest } from "../../../shared/contract/votes.ts";
import type { ReaderSocket } from "../../support/reader-socket.ts";
import { now_ms } from "./clock.ts";
import type { History, Outcome, VoteAsked, VoteUnderWay } from "./history.ts";
import { ANSWER_MS_MAX, type PostedVote, postVote } from "./post-vote.ts";

/** A vote whose voter is known. */
type OwnVote = Pick<VoteAsked, "voter" | "page" | "reaction">;

type Answer = Pick<PostedVote, "status" | "at" | "code" | "counts">;

/** @param headers such as `prefer` */
export async function askOverHttp(
  history: History,
  api: string,
  vote: OwnVote,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return await writeDown(
    history,
    { ...vote, road: "http", process: api, ...(headers.prefer === undefined ? {} : { waits: true }) },
    () => postVote(api, vote, headers),
  );
}

/** @param realtime address of the process that the socket leads to */
export async function askOverSocket(
  history: History,
  realtime: string,
  socket: ReaderSocket,
  vote: OwnVote,
): Promise<Outcome> {
  return await writeDown(history, { ...vote, road: "socket", process: realtime }, () =>
    emitVote(socket, vote),
  );
}

async function writeDown(
  history: History,
  vote: Omit<VoteUnderWay, "began_ms">,
  ask: () => Promise<Answer>,
): Promise<Outcome> {
  const asked: VoteUnderWay = { ...vote, began_ms: now_ms() };
  history.underWay.add(asked);
  const answer = await ask();
  const { status, at, counts } = answer;
  const outcome = outcomeOf(answer);
  history.underWay.delete(asked);
  history.votes.push({
    ...asked,
    ended_ms: now_ms(),
    outcome,
    status,
    ...(at === undefined ? {} : { at }),
    ...(counts === undefined ? {} : { counts }),
  });
  return outcome;
}

async function emitVote(socket: ReaderSocket, vote: VoteRequest): Promise<Answer> {
  const nothing = { at: undefined, code: undefined, counts: undefined };
  try {
    const ack = await socket.timeout(ANSWER_MS_MAX).emitWithAck("vote", vote);
    if (ack.ok) return { ...nothing, status: 202, at: ack.at };
    return { ...nothing, status: ack.problem.status, code: ack.problem.code };
  } catch {
    return { ...nothing, status: 0 };
  }
}

/** `overloaded` says that nothing was stored; `unavailable` says that nobody knows. */
function outcomeOf({ status, code }: Answer): Outcome {
  if (status === 202) return "accepted";
  if (status === 200) return "tallied";
  return status === 0 || status >= 500 ? (code === "overloaded" ? "refused" : "unknown") : "refused";
}
