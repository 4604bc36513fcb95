/** What the live part of a client takes from where it runs; a simulation has surroundings of its own. */
import { dial } from "./dial.ts";

export interface Surroundings {
  readonly dial: typeof dial;
  /** Calls back after some milliseconds; returns how to cancel. */
  readonly after: (pause_ms: number, run: () => void) => () => void;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** A browser's, or Node's. */
export const SURROUNDINGS: Surroundings = {
  dial,
  after: (pause_ms, run) => {
    const timer = setTimeout(run, pause_ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
