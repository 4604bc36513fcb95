/** Whether what is shown is true now. */
import { connection, pulse } from "./live.ts";
import { second } from "./times.ts";
import { sentence, tag, words } from "./words.ts";

export function ConnectionBadge() {
  const say = words().frame;
  const state = connection();
  return (
    <span class={`badge badge-${state}`} role="status">
      <i />
      {say[state]}
    </span>
  );
}

/** What to make of a lost connection. */
export function StaleNote() {
  const last = pulse();
  if (connection() !== "stale" || last === undefined) return null;
  return (
    <p class="stale-note" role="status">
      {sentence(words().frame.staleSince, { time: second(tag(), last.at) })}
    </p>
  );
}
