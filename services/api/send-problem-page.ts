import type { ServerResponse } from "node:http";
import type { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { problemAnswer, refusalOf, send } from "../../shared/runtime/send-problem.ts";
import { html, smallPage, smallPagePolicy } from "./html.ts";

/**
 * Answers people with the sentence of the refusal that `error` is, on a small page. The status is the refusal's.
 * @param framers who may frame it; nobody
 */
export function sendProblemPage(
  response: ServerResponse,
  error: unknown,
  log: Log,
  framers = "'none'",
): Refusal {
  const refusal = refusalOf(error, log);
  const { problem } = refusal;
  if (!response.headersSent) response.setHeader("content-security-policy", smallPagePolicy(framers));
  const page = smallPage(
    "That did not work",
    html`<p>${problem.title}</p>
${problem.detail === undefined ? undefined : html`<p>${problem.detail}</p>`}
<p>${problem.retryable ? "Please go back and try again in a moment." : "Please go back to the page you came from."}</p>`,
  );
  send(response, problemAnswer(refusal, "text/html; charset=utf-8", page));
  return refusal;
}
