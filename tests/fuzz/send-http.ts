import { Agent, request } from "node:http";
import { BODY_BYTES_MAX } from "../../services/api/read-body.ts";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";

const AGENT = new Agent({ keepAlive: true, maxSockets: 64 });
const ANSWER_MS_MAX = 20_000;

/** Less than any route lets a request have. */
const SMALLEST_BODY_BYTES_MAX = BODY_BYTES_MAX;
const HEAD_BYTES_MAX = 8_192;

export interface HttpOutput {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends a request and reads the answer; undefined when the client itself will not send such a thing, or when it is so large that
 * the service may close before it has read it.
 * @param agent whose connections are used
 * @throws when the connection was dropped without an answer
 */
export function sendHttp(
  url: string,
  input: HttpInput,
  agent: Agent | false = AGENT,
): Promise<HttpOutput | undefined> {
  const { method, path, headers, body } = input;
  return new Promise((resolve, reject) => {
    try {
      const { hostname, port } = new URL(url);
      const sending = request({
        hostname,
        port,
        method,
        path,
        headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
        agent,
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      sending.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const type = response.headers["content-type"] ?? "";
          resolve({ status: response.statusCode ?? 0, type, body: parse(Buffer.concat(chunks), type) });
        });
        response.on("error", reject);
      });
      sending.on("error", (error: NodeJS.ErrnoException) => {
        const dropped = error.code === "EPIPE" || error.code === "ECONNRESET";
        if (!dropped) reject(error);
        else if (isLarge(input)) resolve(undefined);
        // A connection that nothing came over for a while is closed, also while something is on its way there at last (RFC 9112, 9.5).
        else if (sending.reusedSocket && agent !== false) resolve(sendHttp(url, input, false));
        else reject(new Error(`dropped without an answer: ${error.code}`));
      });
      sending.end(body);
    } catch {
      resolve(undefined);
    }
  });
}

/** The service answers and closes before it has read what is too large: the answer may be lost to that. */
function isLarge({ path, headers, body = "" }: HttpInput): boolean {
  const head =
    path.length + Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  return Buffer.byteLength(body) > SMALLEST_BODY_BYTES_MAX || head > HEAD_BYTES_MAX;
}

function parse(bytes: Buffer, type: string): Readonly<Record<string, unknown>> {
  if (!type.includes("json") || bytes.length === 0) return {};
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) ? value : {};
  } catch {
    // Compressed, because the request asked for it.
    return {};
  }
}
