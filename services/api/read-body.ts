import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { Refusal } from "../../shared/contract/problems.ts";

/** A vote is a page id (escaped, at most 3 kB), a reaction and a token. */
export const BODY_BYTES_MAX = 8_192;

/** `text/plain` is there so that a browser on another origin needs no preflight (Fetch standard, "CORS-safelisted"). */
const MEDIA_TYPE = /^\s*(?:application\/(?:[a-z0-9.+-]+\+)?json|text\/plain)\s*(?:;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i;

/**
 * The body of a request as JSON, unchecked.
 * @throws Refusal `media_type_unknown`, `body_too_large` or `body_invalid`
 */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"] ?? "application/json";
  if (!MEDIA_TYPE.test(type) || OTHER_CHARSET.test(type)) throw new Refusal("media_type_unknown");
  if (Number(request.headers["content-length"]) > BODY_BYTES_MAX) throw new Refusal("body_too_large");
  const bytes = await readBytes(request);
  if (!isUtf8(bytes)) throw new Refusal("body_invalid", "The body is not UTF-8.");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Refusal("body_invalid", "The body is not JSON.");
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > BODY_BYTES_MAX) reject(new Refusal("body_too_large"));
      else chunks.push(chunk);
    });
    request.on("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    request.on("error", () => reject(new Refusal("body_invalid", "The body broke off.")));
  });
}
