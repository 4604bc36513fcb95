/** Throws inputs at a scene, looks at every answer, and keeps what the service said that it took. */
import { io, type Socket } from "socket.io-client";
import { isObject } from "../../shared/contract/object.ts";
import type { HttpInput } from "./inputs.ts";
import { isMeant } from "./is-meant.ts";
import type { OpenApiInput } from "./openapi-inputs.ts";
import type { Scene } from "./scene.ts";
import { type HttpOutput, sendHttp } from "./send-http.ts";
import { sendRaw } from "./send-raw.ts";
import { shakeHands } from "./shake-hands.ts";
import { operationOfEvent, SOCKET_EVENTS } from "./socket-events.ts";

/** Inputs of one kind that are under way at once. */
const TOGETHER = 32;
const ACK_MS_MAX = 20_000;

const VOTES_PATH = /^\/v1\/sites\/([^/?#]+)\/votes\/?(?:\?|$)/;
const FORGET_PATH = /^\/v1\/sites\/([^/?#]+)\/voters\/self\/?(?:\?|$)/;
/** A process takes two or four of these at a time, and refuses more: they are sent one by one. */
const HEAVY_PATH = /^\/v1\/sites\/[^/?#]+\/(?:export|import)\/?(?:\?|$)/;
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i;

type Each = <Input>(inputs: readonly Input[], work: (input: Input) => Promise<unknown>) => Promise<void>;

export class Thrower {
  readonly #scene: Scene;
  #heavy: Promise<unknown> = Promise.resolve();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Does `work` with every input, some at a time. */
  readonly each: Each = async (inputs, work) => {
    const queue = [...inputs];
    const one = async (): Promise<void> => {
      for (let input = queue.pop(); input !== undefined; input = queue.pop()) {
        try {
          await work(input);
        } catch (error) {
          this.#scene.outcomes.fault(String(error), input);
        }
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, one));
  };

  /** Sends a request to the API; resolves to undefined when the client would not send it, or its answer was lost. */
  readonly http = async (input: HttpInput): Promise<HttpOutput | undefined> => {
    const { outcomes, api } = this.#scene;
    const send = (): Promise<HttpOutput | undefined> => sendHttp(api.url, input);
    const began_ms = Date.now();
    const sent = HEAVY_PATH.test(input.path) ? this.#heavy.then(send, send) : send();
    if (HEAVY_PATH.test(input.path)) this.#heavy = sent;
    const output = await sent;
    if (output === undefined) {
      outcomes.count("http, not sent");
      return undefined;
    }
    const { status, type, body } = output;
    this.#judge("http", input, output);
    if (status >= 400 && !this.#isForPeople(input, output)) {
      const isProblem = type.startsWith("application/problem+json") && body.status === status;
      if (!isProblem && input.method !== "HEAD") outcomes.fault(`${status} without a problem`, input);
    }
    this.#keep(input, output, began_ms);
    return output;
  };

  /** The same to a service that answers operators only, in whatever form. */
  readonly operations = async (url: string, input: HttpInput): Promise<void> => {
    const output = await sendHttp(url, input);
    if (output !== undefined) this.#judge("operations", input, output);
    else this.#scene.outcomes.count("operations, not sent");
  };

  /** As `http`; finds out which operations were ever carried out. */
  readonly openApi = async (input: OpenApiInput): Promise<HttpOutput | undefined> => {
    const output = await this.http(input);
    if (output !== undefined && output.status < 400) this.#scene.outcomes.carryOut(input.operation);
    return output;
  };

  /** Whoever has no right to it must be refused, whatever else is wrong or right with the request. */
  readonly stranger = async (input: OpenApiInput): Promise<void> => {
    const output = await this.http(input);
    if (output !== undefined && output.status < 400)
      this.#scene.outcomes.fault(`${output.status} for a stranger`, input);
  };

  /** Emits an event of a viewer of `site`. @returns the answer, unless it is an event that has none */
  readonly event = async (
    socket: Socket,
    site: string,
    event: string,
    payload: unknown,
  ): Promise<Readonly<Record<string, unknown>> | undefined> => {
    const { outcomes, states } = this.#scene;
    if (!SOCKET_EVENTS.includes(event)) {
      outcomes.count("event, unknown");
      socket.emit(event, payload);
      return undefined;
    }
    const ack: unknown = await socket.timeout(ACK_MS_MAX).emitWithAck(event, payload);
    if (!isObject(ack) || typeof ack.ok !== "boolean") {
      outcomes.fault("an answer out of shape", { event, payload });
      return undefined;
    }
    const status = isObject(ack.problem) ? Number(ack.problem.status) : 200;
    outcomes.count(`event ${status}`);
    if (status >= 500) outcomes.fault(`status ${status}`, { event, payload });
    if (ack.ok) outcomes.carryOut(operationOfEvent(event));
    if (event === "vote" && ack.ok && isObject(payload)) {
      const { page, reaction, voter } = payload;
      states
        .get(site)
        ?.accept(String(ack.voter ?? voter), String(page), textOrNull(reaction), Number(ack.at));
    }
    return ack;
  };

  /** @param namespace "" or "/live" */
  readonly handshake = async (namespace: string, auth: object): Promise<void> => {
    const { outcomes, realtime } = this.#scene;
    const status = await shakeHands(realtime.url + namespace, auth);
    outcomes.count(`handshake ${status}`);
    if (status === undefined || status >= 500) outcomes.fault(`handshake ${status}`, auth);
  };

  /** A frame on an open socket, which may end its connection: the next one waits until it is back. */
  readonly frame = async (socket: Socket, frame: string): Promise<void> => {
    this.#scene.outcomes.count("frame");
    if (!socket.connected) await new Promise((resolve) => socket.once("connect", () => resolve(undefined)));
    socket.io.engine.write(frame);
  };

  /** Bytes on every port. */
  readonly raw = async (bytes: Buffer): Promise<void> => {
    const { outcomes, api, realtime, worker } = this.#scene;
    for (const { port } of [api, realtime, worker]) {
      const first = await sendRaw(port, bytes);
      outcomes.count(`raw ${/^HTTP\/1.1 (\d+)/.exec(first)?.[1] ?? "unanswered"}`);
      // No 505 either: HTTP of another version is what cannot be understood, a 400.
      if (/^HTTP\/1.1 5/.test(first)) outcomes.fault(first, bytes.toString("latin1"));
    }
  };

  /** A socket of a site's viewers, or with `/live` in its address of those who watch the site. */
  connect(auth: object, namespace = "", headers: Readonly<Record<string, string>> = {}): Socket {
    return io(this.#scene.realtime.url + namespace, {
      transports: ["websocket"],
      auth,
      forceNew: true,
      reconnectionDelayMax: 200,
      extraHeaders: { ...headers },
    });
  }

  #judge(kind: string, input: HttpInput, output: HttpOutput): void {
    const { status, body } = output;
    const meant = isMeant(input.path, output);
    const code = typeof body.code === "string" ? body.code : "not ready";
    this.#scene.outcomes.count(meant ? `${kind} ${status} (${code}), as it should` : `${kind} ${status}`);
    // The answer first: inputs may be long, and are cut off.
    if (status >= 500 && !meant) this.#scene.outcomes.fault(`status ${status}`, { body, input });
  }

  /** Pages for people, and so are their refusals. */
  #isForPeople({ path, headers, method }: HttpInput, { status, type }: HttpOutput): boolean {
    // What is not ready is told by name, not as a problem.
    if (status === 503 && path.startsWith("/readyz")) return true;
    const isForm = method === "POST" && FORM_TYPE.test(headers["content-type"] ?? "");
    return type.startsWith("text/html") && (path.startsWith("/embed") || (isForm && VOTES_PATH.test(path)));
  }

  /** What a site must hold from now on. */
  #keep(input: HttpInput, { status, body: answer }: HttpOutput, began_ms: number): void {
    const { method, path, headers, body = "" } = input;
    const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? "")?.[1];
    const forgetting = this.#scene.states.get(FORGET_PATH.exec(path)?.[1] ?? "");
    if (method === "DELETE" && status === 202) forgetting?.leave(bearer ?? "", began_ms, Date.now());
    const voting = this.#scene.states.get(VOTES_PATH.exec(path)?.[1] ?? "");
    if (method !== "POST" || status >= 400 || voting === undefined) return;
    if (FORM_TYPE.test(headers["content-type"] ?? "")) {
      const form = new URLSearchParams(body);
      voting.acceptNameless(form.get("page") ?? "", form.get("reaction") || null);
      return;
    }
    const sent: unknown = answer.voter === undefined && bearer === undefined ? JSON.parse(body) : undefined;
    const token = answer.voter ?? bearer ?? (isObject(sent) ? sent.voter : undefined);
    voting.accept(String(token), String(answer.page), textOrNull(answer.reaction), Number(answer.at));
  }
}

function textOrNull(reaction: unknown): string | null {
  return typeof reaction === "string" ? reaction : null;
}
