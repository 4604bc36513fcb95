/** Sends one vote over HTTP on kept-alive connections; cheaper than fetch, because the load shares the machine's cores. */
import { Agent, request } from "node:http";
import { type PageCounts, parsePageCounts } from "../../../shared/contract/counts.ts";
import { isObject } from "../../../shared/contract/object.ts";

const AGENT = new Agent({ keepAlive: true, maxSockets: 256 });

/** Longer than the service takes to refuse; then the outcome is unknown. */
export const ANSWER_MS_MAX = 8_000;

export interface PostedVote {
  /** 0 when no answer came. */
  readonly status: number;
  readonly at: number | undefined;
  readonly code: string | undefined;
  /** What was told of the page; undefined where it was not asked for. */
  readonly counts: PageCounts | undefined;
  readonly retryAfter_s: number | undefined;
}

const NO_ANSWER: PostedVote = {
  status: 0,
  at: undefined,
  code: undefined,
  counts: undefined,
  retryAfter_s: undefined,
};

/** @param more headers besides those of the body */
export function postVote(
  url: string,
  vote: object,
  more: Readonly<Record<string, string>> = {},
): Promise<PostedVote> {
  return new Promise((resolve) => {
    const body = JSON.stringify(vote);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const posting = request(
      `${url}/v1/sites/default/votes`,
      {
        method: "POST",
        agent: AGENT,
        headers: { ...headers, ...more },
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", () => resolve(NO_ANSWER));
        response.on("end", () => {
          const answer = parse(Buffer.concat(chunks).toString());
          const retryAfter = response.headers["retry-after"];
          resolve({
            status: response.statusCode ?? 0,
            at: typeof answer.at === "number" ? answer.at : undefined,
            counts: parsePageCounts(answer),
            code: typeof answer.code === "string" ? answer.code : undefined,
            retryAfter_s: retryAfter === undefined ? undefined : Number(retryAfter),
          });
        });
      },
    );
    posting.on("error", () => resolve(NO_ANSWER));
    posting.end(body);
  });
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
