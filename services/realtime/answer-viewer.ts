/** The events of one viewer, wired to what they do. */
import type { PageCounts } from "../../shared/contract/counts.ts";
import { type Answer, parsePages } from "../../shared/contract/events.ts";
import { isObject } from "../../shared/contract/object.ts";
import { parseVoteRequest } from "../../shared/contract/votes.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { admitVote } from "../../shared/votes/admit-vote.ts";
import { issueVoter } from "../../shared/votes/issue-voter.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { answerEvent, type OnRefused } from "./answer.ts";
import { Viewer, type ViewerSocket } from "./viewer.ts";
import type { WatchedPages } from "./watched-pages.ts";

/**
 * Answers a viewer's events until it goes.
 * @param takeEvent takes one more event of the socket, or throws the Refusal that it is answered with
 */
export function answerViewer(
  socket: ViewerSocket,
  watched: WatchedPages,
  desk: VoteDesk,
  takeEvent: () => void,
  log: Log,
): void {
  const viewer = new Viewer(socket, watched);
  socket.data.viewer = viewer;
  const { site, address } = socket.data;
  const ignore = (): void => {};
  const answerTo = async <Fields extends object>(
    answer: Answer<Fields>,
    work: () => Promise<Fields>,
    onRefused: OnRefused = ignore,
  ): Promise<void> => {
    viewer.noteEvent();
    const turn = async (): Promise<Fields> => {
      takeEvent();
      return await work();
    };
    await answerEvent(answer, turn, onRefused, log);
  };
  const watch = (payload: unknown, answer: Answer<{ readonly pages: readonly PageCounts[] }>): void => {
    void answerTo(answer, async () => ({ pages: await viewer.watch(parsePages(payload)) }));
  };

  const { auth } = socket.handshake;
  if (auth.pages !== undefined) watch(auth, (ack) => socket.emit("watched", ack));
  socket.on("watch", watch);

  socket.on("unwatch", (payload, answer) => {
    const work = async () => {
      viewer.unwatch(parsePages(payload));
      return {};
    };
    void answerTo(answer, work);
  });

  socket.on("voter", (payload, answer) => {
    const work = async () => {
      const solution = isObject(payload) ? payload.solution : undefined;
      return { voter: (await issueVoter(desk, site, address, solution)).token };
    };
    void answerTo(answer, work);
  });

  socket.on("vote", (payload, answer) => {
    const work = async () => {
      const { receipt } = await admitVote(desk, site, parseVoteRequest(payload), address);
      desk.metrics.accepted.inc({ road: "socket" });
      const { at, voter } = receipt;
      return voter === undefined ? { at } : { at, voter };
    };
    void answerTo(answer, work, ({ problem }) => desk.metrics.refused.inc({ code: problem.code }));
  });

  socket.on("disconnect", () => viewer.leave());
}
