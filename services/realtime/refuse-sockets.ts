/** What is no socket here is told so like everything else; engine.io would say it in words of its own. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { Refusal } from "../../shared/contract/problems.ts";
import { sendAnswer } from "../../shared/runtime/send-answer.ts";
import { problemAnswer, send } from "../../shared/runtime/send-problem.ts";

const PATH = /^\/socket\.io(?:[/?]|$)/;

/** Answers an upgrade that is refused, and ends its connection; `ended` is called when all is sent. */
export function refuseUpgrade(socket: Socket, refusal: Refusal, ended: () => void): void {
  sendAnswer(socket, problemAnswer(refusal), undefined);
  socket.end(ended);
}

/** Answers requests for engine.io's polling. Call it once socket.io has taken the server's requests: it takes them over. */
export function refusePolling(server: Server, others: ReturnType<Server["listeners"]>): void {
  server.removeAllListeners("request");
  server.on("request", (request, response) => {
    if (!PATH.test(request.url ?? "")) {
      for (const listener of others) listener.call(server, request, response);
      return;
    }
    const refusal = new Refusal(
      "query_invalid",
      "Sockets are websockets: upgrade, with transport=websocket.",
    );
    response.setHeader("access-control-allow-origin", "*");
    send(response, problemAnswer(refusal));
  });
}
