import type { ServiceProcess } from "../../support/service-process.ts";
import type { History } from "./history.ts";

type Asked = Pick<ServiceProcess, "name" | "url">;

export interface FirstAccepted {
  readonly service: Asked;
  /** Infinite: none was. */
  readonly after_ms: number;
}

/**
 * How long after `since_ms` (Unix ms) each process first accepted a vote that was asked for since then: one that works hides that
 * another does not.
 */
export function firstAccepted(
  { votes }: History,
  services: readonly Asked[],
  since_ms: number,
): readonly FirstAccepted[] {
  const accepted = votes.filter(({ began_ms, at }) => began_ms >= since_ms && at !== undefined);
  return services.map((service) => {
    const first = accepted.find((vote) => vote.process === service.url);
    return { service, after_ms: first === undefined ? Number.POSITIVE_INFINITY : first.ended_ms - since_ms };
  });
}
