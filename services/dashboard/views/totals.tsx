/** Counts by reaction: number, share, and how they compare. */

import { Changing } from "../changing.tsx";
import { MoodBar } from "../charts/mood-bar.tsx";
import { coloursOf } from "../charts/palette.ts";
import { percent, whole } from "../numbers.ts";
import { reactionName, tag } from "../words.ts";

export function Totals({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const rows = Object.entries(counts);
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  const colours = coloursOf(rows.map(([name]) => name));
  return (
    <>
      <MoodBar counts={counts} />
      <ul class="totals">
        {rows.map(([name, count]) => (
          <li key={name}>
            <i class="dot" style={{ background: colours.get(name) ?? "" }} />
            <span>{reactionName(name)}</span>
            <Changing value={count} text={whole(tag(), count)} />
            <span class="quiet">{percent(tag(), total > 0 ? count / total : 0)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
