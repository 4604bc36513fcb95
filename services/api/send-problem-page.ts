import type { ServerResponse } from "node:http";
import type { Refusal } from "../../shared/contract/problems.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { html, SMALL_PAGE_POLICY, smallPage } from "./html.ts";
import { sendRefusal } from "./send-problem.ts";

/** Answers people with the sentence of the refusal that `error` is, on a small page. The status is the refusal's. */
export function sendProblemPage(response: ServerResponse, error: unknown, log: Log): Refusal {
  if (!response.headersSent) response.setHeader("content-security-policy", SMALL_PAGE_POLICY);
  return sendRefusal(response, error, log, "text/html; charset=utf-8", ({ problem }) =>
    smallPage(
      "That did not work",
      html`<p>${problem.title}</p>
${problem.detail === undefined ? undefined : html`<p>${problem.detail}</p>`}
<p>${problem.retryable ? "Please go back and try again in a moment." : "Please go back to the page you came from."}</p>`,
    ),
  );
}
