/** What an Express app says when it has nothing to say, or broke: a problem like everything else that is refused. */
import type { ErrorRequestHandler, Express, Request } from "express";
import { type ProblemCode, Refusal } from "../contract/problems.ts";
import type { Log } from "./log.ts";
import { sendProblem } from "./send-problem.ts";

/** Answers what no route of `app` took, with the code that `untaken` says, and what they threw. Call it after all routes. */
export function answerProblems(app: Express, untaken: (request: Request) => ProblemCode, log: Log): void {
  app.use((request) => {
    throw new Refusal(untaken(request));
  });
  const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
    sendProblem(response, isMalformedAddress(error) ? new Refusal("route_unknown") : error, log);
  };
  app.use(answerError);
}

/** Express says 400 when a path holds a broken percent escape: there is nothing at such an address. */
function isMalformedAddress(error: unknown): boolean {
  return error instanceof URIError;
}
