/** Pages whose votes of the last hour look stuffed, or that hold votes, each with the dialog that takes those votes out. */
import { useState } from "preact/hooks";
import type { Suspect } from "../../../shared/contract/sources.ts";
import type { ViewProps } from "../frame-props.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { percent, whole } from "../numbers.ts";
import { PurgeDialog } from "../orders/purge-dialog.tsx";
import { writeRoute } from "../route.ts";
import { titled } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { counted, sentence, tag, words } from "../words.ts";

const REFRESH_MS = 30_000;

export function Suspects({ session }: ViewProps) {
  const { alerts: say, order, page, counts } = words();
  const [chosen, setChosen] = useState<Suspect | undefined>(undefined);
  const asked = useAsk(() => session.moderation.suspects(), [], REFRESH_MS);
  return (
    <section class="card">
      <h2>{say.suspects}</h2>
      <p class="quiet small">{say.suspectsNote}</p>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <LoadingNote asked={asked} />
      {asked.value?.length === 0 ? <EmptyNote text={say.noSuspects} /> : null}
      <ul class="lines">
        {(asked.value ?? []).map((suspect) => (
          <li key={`${suspect.page} ${suspect.filter.source}`}>
            <a data-row href={writeRoute({ view: "page", page: suspect.page })} dir="auto">
              {titled(suspect.page)?.title ?? suspect.page}
            </a>
            <span class="quiet">
              {percent(tag(), suspect.votes > 0 ? suspect.matching / suspect.votes : 0)} ·{" "}
              {whole(tag(), suspect.matching)} / {counted(counts.votes, suspect.votes)} ·{" "}
              <code>{suspect.filter.source}</code>
            </span>
            {suspect.held === 0 ? null : (
              <span class="quiet">{sentence(page.held, { votes: counted(counts.votes, suspect.held) })}</span>
            )}
            <button type="button" class="small-button" onClick={() => setChosen(suspect)}>
              {order.purge}
            </button>
          </li>
        ))}
      </ul>
      {chosen === undefined ? null : (
        <PurgeDialog
          session={session}
          {...chosen.filter}
          onClose={() => setChosen(undefined)}
          onGiven={asked.again}
        />
      )}
    </section>
  );
}
