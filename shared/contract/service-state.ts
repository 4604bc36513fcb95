/** How the service itself is, for whoever runs it. */
import { isObject } from "./object.ts";

export interface ServiceState {
  /** Of the package. */
  readonly version: string;
  /** Redis time, Unix ms. */
  readonly now: number;
  /** How long the oldest waiting job has waited, ms. */
  readonly backlogAge_ms: number;
  /** What an accepted vote survives, as one sentence. */
  readonly durability: string;
  /** What is dangerous about Redis's settings, as sentences. */
  readonly warnings: readonly string[];
}

/** The service's state; undefined when it is not well formed. */
export function parseServiceState(value: unknown): ServiceState | undefined {
  if (!isObject(value)) return undefined;
  const { version, now, backlogAge_ms, durability, warnings } = value;
  if (typeof version !== "string" || typeof now !== "number" || typeof backlogAge_ms !== "number")
    return undefined;
  if (typeof durability !== "string" || !Array.isArray(warnings)) return undefined;
  const sentences: readonly unknown[] = warnings;
  if (!sentences.every((sentence) => typeof sentence === "string")) return undefined;
  return { version, now, backlogAge_ms, durability, warnings: sentences };
}
