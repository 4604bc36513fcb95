/** What can go wrong when a script speaks to the service, besides the network. */
import { isObject } from "../contract/object.ts";

/** The service refused: it says why with a stable code. */
export class ServiceRefusal extends Error {
  override readonly name = "ServiceRefusal";
  readonly status: number;
  /** As in `shared/contract/problems.ts`; `unknown` when what answered was not this service. */
  readonly code: string;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Seconds after which to try again, when the service said. */
  readonly retryAfter_s: number | undefined;

  constructor(
    message: string,
    fields: Pick<ServiceRefusal, "status" | "code" | "retryable" | "retryAfter_s">,
  ) {
    super(message);
    this.status = fields.status;
    this.code = fields.code;
    this.retryable = fields.retryable;
    this.retryAfter_s = fields.retryAfter_s;
  }

  /** The refusal in an answer that is not ok. */
  static async of(response: Response): Promise<ServiceRefusal> {
    const body = await response
      .json()
      .then((value: unknown) => (isObject(value) ? value : {}))
      .catch((): Record<string, unknown> => ({}));
    const { code, title, detail, retryable } = body;
    const said = [title, detail].filter((part) => typeof part === "string").join(" ");
    const after = Number(response.headers.get("retry-after") ?? "");
    return new ServiceRefusal(said || `The service answered ${response.status}.`, {
      status: response.status,
      code: typeof code === "string" ? code : "unknown",
      retryable: typeof retryable === "boolean" ? retryable : response.status >= 500,
      retryAfter_s: after > 0 ? after : undefined,
    });
  }
}

/** What answered does not speak this service's language: another program, or another version. */
export class ServiceAnswerError extends Error {
  override readonly name = "ServiceAnswerError";

  constructor(what: string) {
    super(`Expected an answer of Reader Reactions to ${what}, got something else: is the endpoint right?`);
  }
}
