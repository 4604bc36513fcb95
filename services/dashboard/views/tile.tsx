/** One number that matters. */
import type { ComponentChildren } from "preact";

export interface TileProps {
  readonly name: string;
  /** Undefined: not known yet. */
  readonly value: string | undefined;
  readonly note?: ComponentChildren;
  readonly tone?: "wrong";
}

export function Tile({ name, value, note, tone }: TileProps) {
  return (
    <div class={tone === undefined ? "card tile" : `card tile ${tone}`}>
      <dt>{name}</dt>
      <dd>
        <span class="big">{value ?? "…"}</span>
        {note === undefined ? null : <span class="quiet small">{note}</span>}
      </dd>
    </div>
  );
}
