/** What happens on a site, once a second: the namespace `/live`, for dashboards. */
import { isObject } from "../contract/object.ts";
import { LIVE_NAMESPACE, type Pulse, parsePulse } from "../contract/pulse.ts";
import { EventSocket } from "./event-socket.ts";
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

/** @returns ends it */
export function followPulse({ endpoint, site, token }: PulsePlace, listener: PulseListener): () => void {
  const socket = new EventSocket(
    {
      endpoint: endpoint.replace(/\/+$/, ""),
      namespace: LIVE_NAMESPACE,
      auth: () => ({ site, token }),
      pauseMax_ms: 5_000,
      spread: 0.5,
    },
    {
      event: (name, message) => {
        const pulse = name === "pulse" ? parsePulse(message) : undefined;
        if (pulse !== undefined) listener.pulse(pulse);
        // The service ends the connection with this. For good, unless it says that it passes.
        if (name !== "refused" || !isObject(message) || message.retryable !== false) return;
        socket.close();
        listener.refused(errorOf(message, 503));
      },
      lost: listener.lost,
      refused: (problem) => listener.refused(errorOf(problem, 503)),
    },
  );
  socket.open();
  return () => socket.close();
}
