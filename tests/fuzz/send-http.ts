import { Agent, request } from "node:http";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";

const AGENT = new Agent({ keepAlive: true, maxSockets: 64 });
const ANSWER_MS_MAX = 20_000;

export interface HttpOutput {
  readonly status: number;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Sends a request and reads the answer; undefined when the client itself will not send such a thing. */
export function sendHttp(
  url: string,
  { method, path, headers, body }: HttpInput,
): Promise<HttpOutput | undefined> {
  return new Promise((resolve, reject) => {
    try {
      const { hostname, port } = new URL(url);
      const sending = request({
        hostname,
        port,
        method,
        path,
        headers: body === undefined ? headers : { ...headers, "content-length": Buffer.byteLength(body) },
        agent: AGENT,
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
        // The service answers and closes before it has read a body that is too large: the answer may be lost to that.
        if (error.code === "EPIPE" || error.code === "ECONNRESET") resolve(undefined);
        else reject(error);
      });
      sending.end(body);
    } catch {
      resolve(undefined);
    }
  });
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
