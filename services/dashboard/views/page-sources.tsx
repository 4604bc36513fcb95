/** Where a page's votes came from: how concentrated they are, and the largest sources. */
import { useState } from "preact/hooks";
import type { ViewProps } from "../frame-props.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { percent, whole } from "../numbers.ts";
import { PurgeDialog } from "../orders/purge-dialog.tsx";
import { dayAndMinute } from "../times.ts";
import { useAsk } from "../use-ask.ts";
import { counted, sentence, tag, words } from "../words.ts";
import { HeldVotes } from "./held-votes.tsx";

export interface PageSourcesProps extends ViewProps {
  readonly page: string;
  /** Orders given from here so far: each may have changed what there is. */
  readonly given: number;
  readonly onGiven: () => void;
}

const SHOWN_MAX = 8;
const REFRESH_MS = 30_000;

export function PageSources({ session, page, given, onGiven }: PageSourcesProps) {
  const { page: say, counts, order } = words();
  const [purged, setPurged] = useState<string | undefined>(undefined);
  const asked = useAsk(() => session.moderation.sources(page), [page, given], REFRESH_MS);
  const { votes = 0, held = 0, sources = 0, list = [] } = asked.value ?? {};
  const share = (n: number) => (votes > 0 ? n / votes : 0);
  return (
    <section class="card">
      <h2>{say.sources}</h2>
      <p class="quiet small">{say.sourcesNote}</p>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <LoadingNote asked={asked} />
      {asked.value !== undefined && list.length === 0 ? <EmptyNote text={say.noSources} /> : null}
      {held === 0 ? null : <HeldVotes session={session} page={page} held={held} onGiven={onGiven} />}
      {list.length === 0 ? null : (
        <>
          <p>
            {sentence(say.concentration, {
              share: percent(tag(), share(list[0]?.votes ?? 0)),
              votes: counted(counts.votes, votes),
              sources: counted(counts.sources, sources),
            })}
          </p>
          <ol class="sources">
            {list.slice(0, SHOWN_MAX).map((row) => (
              <li key={row.source}>
                <code>{row.source}</code>
                <span class="share-bar">
                  <i style={{ width: `${100 * share(row.votes)}%` }} />
                </span>
                <b>{whole(tag(), row.votes)}</b>
                <span class="quiet small between">
                  {dayAndMinute(tag(), row.first)} – {dayAndMinute(tag(), row.last)}
                  {row.held === 0 ? null : ` · ${sentence(say.heldHere, { n: whole(tag(), row.held) })}`}
                </span>
                <button
                  type="button"
                  class="small-button"
                  aria-label={`${order.purge} ${row.source}`}
                  onClick={() => setPurged(row.source)}
                >
                  {order.purge}
                </button>
              </li>
            ))}
          </ol>
        </>
      )}
      {purged === undefined ? null : (
        <PurgeDialog
          session={session}
          page={page}
          source={purged}
          onClose={() => setPurged(undefined)}
          onGiven={onGiven}
        />
      )}
    </section>
  );
}
