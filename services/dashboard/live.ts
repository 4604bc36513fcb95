/** What happens now: the newest message of the service, how votes came lately, and whether we still hear. */
import { effect, signal } from "@preact/signals";
import { followPulse } from "../../shared/client/follow-pulse.ts";
import type { Pulse } from "../../shared/contract/pulse.ts";
import { session, signOut } from "./session.ts";
import { rememberTitles } from "./titles.ts";

/** One second of the past. */
export interface Beat {
  /** Unix ms. */
  readonly at: number;
  readonly votesPerSecond: number;
  readonly viewers: number;
}

/** Five minutes of them. */
const BEATS_MAX = 300;

const newest = signal<Pulse | undefined>(undefined);
const past = signal<readonly Beat[]>([]);
const hears = signal<"connecting" | "live" | "stale">("connecting");
const ticks = signal(Date.now());

/** The newest message; undefined before the first. It stays when the connection goes. */
export function pulse(): Pulse | undefined {
  return newest.value;
}

/** The last five minutes, oldest first. */
export function beats(): readonly Beat[] {
  return past.value;
}

/** `stale`: what is shown was true once. */
export function connection(): "connecting" | "live" | "stale" {
  return hears.value;
}

/** Unix ms by this browser's clock; components that read it are drawn again every second. */
export function now(): number {
  return ticks.value;
}

setInterval(() => {
  if (!document.hidden) ticks.value = Date.now();
}, 1_000);

/** Messages come each second; a connection that says nothing for so long is dead, whatever the socket thinks. */
const SILENCE_MS_MAX = 5_000;

effect(() => {
  const who = session();
  newest.value = undefined;
  past.value = [];
  hears.value = "connecting";
  if (who === undefined) return undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const lose = (): void => {
    if (hears.peek() === "live" || newest.peek() !== undefined) hears.value = "stale";
  };
  const stop = followPulse(
    { endpoint: location.origin, site: who.site, token: who.token },
    {
      pulse: (pulse) => {
        clearTimeout(silence);
        silence = setTimeout(lose, SILENCE_MS_MAX);
        newest.value = pulse;
        past.value = withBeat(past.peek(), pulse);
        hears.value = "live";
        rememberTitles(pulse.hot);
      },
      lost: lose,
      refused: ({ code }) => {
        if (code === "token_invalid") signOut("token_invalid");
        else hears.value = "stale";
      },
    },
  );
  return () => {
    clearTimeout(silence);
    stop();
  };
});

/** Of two services with clocks apart the later one is believed: a chart's time only rises. */
function withBeat(beats: readonly Beat[], { at, votesPerSecond, viewers }: Pulse): readonly Beat[] {
  const last = beats.at(-1);
  if (last !== undefined && at <= last.at) return beats;
  return [...beats, { at, votesPerSecond, viewers }].slice(-BEATS_MAX);
}
