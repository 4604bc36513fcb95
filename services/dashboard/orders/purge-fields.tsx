import { reactionName, words } from "../words.ts";
import { fieldOf, type PurgeFilters } from "./purge-request.ts";

export interface PurgeFieldsProps {
  readonly filters: PurgeFilters;
  /** What can be chosen from. */
  readonly reactions: readonly string[];
  readonly onChange: () => void;
}

/** Which votes go: source, reaction, from and until. */
export function PurgeFields({ filters, reactions, onChange }: PurgeFieldsProps) {
  const { order: say, now } = words();
  return (
    <div class="fields" onInput={onChange}>
      <label>
        {words().page.source}
        <input
          name="source"
          defaultValue={filters.source ?? ""}
          placeholder={say.anySource}
          pattern="[0-9a-f]{6}"
          spellcheck={false}
        />
      </label>
      {reactions.length === 0 ? null : (
        <label>
          {now.reaction}
          <select name="reaction">
            <option value="">{now.anyReaction}</option>
            {reactions.map((reaction) => (
              <option key={reaction} value={reaction}>
                {reactionName(reaction)}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        {say.since}
        <input name="since" type="datetime-local" defaultValue={fieldOf(filters.since)} />
      </label>
      <label>
        {say.until}
        <input name="until" type="datetime-local" defaultValue={fieldOf(filters.until)} />
      </label>
    </div>
  );
}
