/** The events of one viewer, wired to what they do. */
import type { PageCounts } from "../../shared/contract/counts.ts";
import { type Answer, parsePages } from "../../shared/contract/events.ts";
import { isObject } from "../../shared/contract/object.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { admitVote } from "../../shared/votes/admit-vote.ts";
import { issueVoter } from "../../shared/votes/issue-voter.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { answerEvent } from "./answer.ts";
import { Viewer, type ViewerSocket } from "./viewer.ts";
import type { WatchedPages } from "./watched-pages.ts";

/** Answers a viewer's events until it goes. */
export function answerViewer(socket: ViewerSocket, watched: WatchedPages, desk: VoteDesk, log: Log): void {
  const viewer = new Viewer(socket, watched);
  const { site, address } = socket.data;
  const ignore = (): void => {};
  const watch = (payload: unknown, answer: Answer<{ readonly pages: readonly PageCounts[] }>): void => {
    void answerEvent(answer, async () => ({ pages: await viewer.watch(parsePages(payload)) }), ignore, log);
  };

  const { auth } = socket.handshake;
  if (auth.pages !== undefined) watch(auth, (ack) => socket.emit("watched", ack));
  socket.on("watch", watch);

  socket.on("unwatch", (payload, answer) => {
    const work = async () => {
      viewer.unwatch(parsePages(payload));
      return {};
    };
    void answerEvent(answer, work, ignore, log);
  });

  socket.on("voter", (payload, answer) => {
    const work = async () => {
      const solution = isObject(payload) ? payload.solution : undefined;
      return { voter: (await issueVoter(desk, site, address, solution)).token };
    };
    void answerEvent(answer, work, ignore, log);
  });

  socket.on("vote", (payload, answer) => {
    const work = async () => {
      const { receipt } = await admitVote(desk, site, parseVoteRequest(payload), address);
      desk.metrics.accepted.inc({ road: "socket" });
      const { at, voter } = receipt;
      return voter === undefined ? { at } : { at, voter };
    };
    void answerEvent(answer, work, ({ problem }) => desk.metrics.refused.inc({ code: problem.code }), log);
  });

  socket.on("disconnect", () => viewer.leave());
}
