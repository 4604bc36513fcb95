/** The requests of a moderator's script: sent with the token, answered with JSON that is still to be checked, or a ServiceError. */
import { isObject } from "../contract/object.ts";
import { errorOf, ServiceError, unreachable } from "./service-error.ts";

/** Where a moderator's requests go, and in whose name. */
export interface ModeratorReach {
  /** Where the API is, as in `https://votes.example`. */
  readonly endpoint: string;
  /** A moderator's token. */
  readonly token: string;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

/** An import ended before its end. */
export class ImportError extends ServiceError {
  /** The line at which it ended, 1 for the first; all lines before it are stored. */
  readonly line: number;

  constructor({ code, message, status, retryable, retryAfter_ms }: ServiceError, line: number) {
    super(code, message, status, retryable, retryAfter_ms);
    this.line = line;
  }
}

/** What a request carries besides the token. */
export interface SendInit extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>;
  readonly duplex?: "half";
}

export class ModeratorCalls {
  readonly #base: string;
  readonly #token: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor({ endpoint, token, fetch = globalThis.fetch }: ModeratorReach) {
    this.#base = endpoint.replace(/\/+$/, "");
    this.#token = token;
    this.#fetch = fetch.bind(globalThis);
  }

  /**
   * One request; its answer as JSON, unchecked; undefined for an empty one.
   * @throws ServiceError
   */
  async json(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<unknown> {
    const init = {
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    };
    const response = await this.send(method, path, init);
    const text = await response.text().catch(() => {
      throw unreachable();
    });
    return text === "" ? undefined : (parsedJson(text) ?? unknownAnswer());
  }

  /**
   * One request; resolves to an answer that is none of refusal.
   * @throws ServiceError, with a line ImportError; whatever ended `init.signal`
   */
  async send(method: string, path: string, init: SendInit): Promise<Response> {
    let response: Response;
    let refusal: string;
    try {
      const headers = { authorization: `Bearer ${this.#token}`, ...init.headers };
      response = await this.#fetch(`${this.#base}${path}`, { ...init, method, headers });
      if (response.ok) return response;
      refusal = await response.text();
    } catch (error) {
      // Whoever ended it knows why.
      if (init.signal?.aborted === true) throw error;
      throw unreachable();
    }
    const after_s = Number(response.headers.get("retry-after"));
    const problem = parsedJson(refusal);
    const error = errorOf(problem, response.status, after_s);
    throw isObject(problem) && typeof problem.line === "number"
      ? new ImportError(error, problem.line)
      : error;
  }
}

/** Undefined for what is no JSON: a proxy's error page, another program. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws ServiceError `answer_unknown` */
export function unknownAnswer(): never {
  throw new ServiceError("answer_unknown", "What answers is not this service.", 0, false);
}

/**
 * What `parse` makes of an answer.
 * @throws ServiceError `answer_unknown` when it makes nothing of it
 */
export function parsed<Value>(answer: unknown, parse: (value: unknown) => Value | undefined): Value {
  return parse(answer) ?? unknownAnswer();
}
