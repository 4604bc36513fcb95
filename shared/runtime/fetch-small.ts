/** Fetches a small text from an address that a publisher named. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { useAgent } from "request-filtering-agent";

/**
 * The body of `GET url`. Redirects are not followed, and private addresses are not asked, whether the URL names one or its
 * host resolves to one: the agent looks at the address that it really connects to.
 * @param bytes_max a longer body is refused before it is read to its end
 * @param allowPrivate lets it ask private addresses, and without TLS
 * @throws Error with a sentence when there is no such body
 */
export function fetchSmall(
  url: string,
  bytes_max: number,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const secure = new URL(url).protocol === "https:";
    if (!secure && !allowPrivate) throw new Error("The address has no TLS, which is not allowed.");
    const send = secure ? httpsRequest : httpRequest;
    const agent = useAgent(url, { allowPrivateIPAddress: allowPrivate });
    const headers = { accept: "application/json", "user-agent": "reader-reactions" };
    const request = send(url, { headers, agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      const refuse = (reason: string): void => {
        reject(new Error(reason));
        response.destroy();
      };
      if (response.statusCode !== 200) return refuse(`The answer was ${response.statusCode}.`);
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > bytes_max) refuse(`The answer has more than ${bytes_max} bytes.`);
        else chunks.push(chunk);
      });
      response.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end();
  });
}
