/** What happens on a site, once a second: the namespace `/live`, for dashboards. */
import { io, type Socket } from "socket.io-client";
import { isObject } from "../contract/object.ts";
import { LIVE_NAMESPACE, type LiveEvents, type Pulse, parsePulse } from "../contract/pulse.ts";
import { errorOf, type ServiceError } from "./service-error.ts";

/** Where to follow, and as whom. */
export interface PulsePlace {
  /** Where the service is, as in `https://votes.example`. */
  readonly endpoint: string;
  readonly site: string;
  /** A moderator's token of scope `read`. */
  readonly token: string;
}

/** Who is told. */
export interface PulseListener {
  readonly pulse: (pulse: Pulse) => void;
  /** The connection is gone; it is sought again without asking. */
  readonly lost: () => void;
  /** Refused for good: a token that is wrong or was revoked, an unknown site. Nothing more follows. */
  readonly refused: (error: ServiceError) => void;
}

/** Between two tries after a refusal that passes, such as Redis being away. */
const RETRY_MS = 3_000;

/** @returns ends it */
export function followPulse({ endpoint, site, token }: PulsePlace, listener: PulseListener): () => void {
  const { origin, pathname } = new URL(endpoint);
  // In the handshake, not in the address: addresses are logged.
  const socket: Socket<LiveEvents> = io(`${origin}${LIVE_NAMESPACE}`, {
    path: `${pathname.replace(/\/$/, "")}/socket.io`,
    transports: ["websocket"],
    auth: { site, token },
    forceNew: true,
    reconnectionDelayMax: 5_000,
    randomizationFactor: 0.5,
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(retry);
    socket.disconnect();
  };
  const refuse = (problem: unknown): void => {
    const error = errorOf(problem, 503);
    if (error.retryable) {
      listener.lost();
      retry = setTimeout(() => socket.connect(), RETRY_MS);
    } else {
      stop();
      listener.refused(error);
    }
  };
  socket.on("pulse", (message) => {
    const pulse = parsePulse(message);
    if (pulse !== undefined) listener.pulse(pulse);
  });
  socket.on("refused", refuse);
  socket.on("disconnect", (reason) => {
    listener.lost();
    // A service that stops sends its listeners away; socket.io seeks no connection again then.
    if (reason === "io server disconnect") retry = setTimeout(() => socket.connect(), RETRY_MS);
  });
  socket.on("connect_error", (error: Error & { readonly data?: unknown }) => {
    // Without data nobody answered, and socket.io tries again by itself.
    if (socket.active) listener.lost();
    else refuse(isObject(error.data) ? error.data.problem : undefined);
  });
  return stop;
}
