import { isUtf8 } from "node:buffer";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { Refusal } from "../../shared/contract/problems.ts";
import { isDeep } from "./is-deep.ts";

/** A vote is a page id (escaped, at most 3 kB), a reaction and a token. */
export const BODY_BYTES_MAX = 8_192;

/** Whoever needs longer for a body only holds a connection. */
const BODY_MS_MAX = 30_000;

/** `text/plain` is there so that a browser on another origin needs no preflight (Fetch standard, "CORS-safelisted"). */
const MEDIA_TYPE = /^\s*(?:application\/(?:[a-z0-9.+-]+\+)?json|text\/plain)\s*(?:;|$)/i;
/** What an HTML form sends. */
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i;
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-?8"?\s*(?:;|$))/i;

/**
 * The body of a request as JSON, unchecked.
 * @param bytes_max a longer body is refused before it is read to its end
 * @param ms_max one that takes longer is refused before it is read to its end, too
 * @throws Refusal `media_type_unknown`, `body_too_large`, `request_too_slow` or `body_invalid`
 */
export async function readJsonBody(
  request: IncomingMessage,
  bytes_max = BODY_BYTES_MAX,
  ms_max = BODY_MS_MAX,
): Promise<unknown> {
  checkJsonType(request.headers);
  checkLength(request, bytes_max);
  const text = textOf(await readBytes(request, bytes_max, ms_max));
  if (isDeep(text)) throw new Refusal("body_invalid", "The body is nested too deeply.");
  return parseJson(text);
}

/**
 * The same of a vote. It may be as deep as its bytes allow: of a vote a few values are looked at, and nothing is walked through.
 */
export async function readVoteBody(request: IncomingMessage): Promise<unknown> {
  checkJsonType(request.headers);
  checkLength(request, BODY_BYTES_MAX);
  return parseJson(textOf(await readBytes(request, BODY_BYTES_MAX, BODY_MS_MAX)));
}

/**
 * The same of a vote whose body is there.
 * @throws Refusal `media_type_unknown` or `body_invalid`
 */
export function parseVoteBytes(headers: IncomingHttpHeaders, body: Buffer): unknown {
  checkJsonType(headers);
  return parseJson(textOf(body));
}

/** The same; an empty object when the request has no body. */
export async function readJsonBodyIfAny(request: IncomingMessage): Promise<unknown> {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  return length === "0" && encoding === undefined ? {} : await readJsonBody(request);
}

/** Whether a request's body comes from an HTML form. */
export function isForm(headers: IncomingHttpHeaders): boolean {
  return FORM_TYPE.test(headers["content-type"] ?? "");
}

/**
 * The fields of an HTML form's body.
 * @throws Refusal `media_type_unknown`, `body_too_large`, `request_too_slow` or `body_invalid`
 */
export async function readFormBody(request: IncomingMessage): Promise<URLSearchParams> {
  checkCharset(request.headers["content-type"] ?? "");
  checkLength(request, BODY_BYTES_MAX);
  return new URLSearchParams(textOf(await readBytes(request, BODY_BYTES_MAX, BODY_MS_MAX)));
}

function checkJsonType(headers: IncomingHttpHeaders): void {
  const type = headers["content-type"] ?? "application/json";
  if (!MEDIA_TYPE.test(type)) {
    throw new Refusal("media_type_unknown", "Send the body as application/json or text/plain in UTF-8.");
  }
  checkCharset(type);
}

function checkCharset(type: string): void {
  if (OTHER_CHARSET.test(type)) throw new Refusal("media_type_unknown", "Send the body in UTF-8.");
}

/** Refuses what need not be read. */
function checkLength(request: IncomingMessage, bytes_max: number): void {
  if (Number(request.headers["content-length"]) > bytes_max) throw new Refusal("body_too_large");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("body_invalid", "The body is not JSON.");
  }
}

function textOf(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new Refusal("body_invalid", "The body is not UTF-8.");
  return bytes.toString("utf8");
}

function readBytes(request: IncomingMessage, bytes_max: number, ms_max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const slow = setTimeout(() => reject(new Refusal("request_too_slow")), ms_max);
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytes_max) reject(new Refusal("body_too_large"));
      else chunks.push(chunk);
    });
    request.on("end", () => {
      clearTimeout(slow);
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    // When the client has gone, too.
    request.on("error", () => {
      clearTimeout(slow);
      reject(new Refusal("body_invalid", "The body broke off."));
    });
  });
}
