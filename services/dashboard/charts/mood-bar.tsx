/** How readers feel about something, as one bar. */
import { percent } from "../numbers.ts";
import { reactionName, tag } from "../words.ts";
import { coloursOf } from "./palette.ts";

export function MoodBar({ counts }: { readonly counts: Readonly<Record<string, number>> }) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(counts).map(([name, count]) => ({
    name,
    share: total > 0 ? count / total : 0,
  }));
  const colours = coloursOf(rows.map(({ name }) => name));
  const label = rows.map(({ name, share }) => `${reactionName(name)} ${percent(tag(), share)}`).join(", ");
  return (
    <div class="mood" role="img" aria-label={label} title={label}>
      {rows.map(({ name, share }) => (
        <i key={name} style={{ flexGrow: share, background: colours.get(name) ?? "" }} />
      ))}
    </div>
  );
}
