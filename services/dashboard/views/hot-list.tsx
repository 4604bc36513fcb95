/** The hot list: which pages move readers, how, and how fast. */
import { useRef, useState } from "preact/hooks";
import { HOT_WINDOWS, type HotPage, type HotWindow } from "../../../shared/contract/hot.ts";
import type { PulsePage } from "../../../shared/contract/pulse.ts";
import { filterByText } from "../filter.ts";
import type { ViewProps } from "../frame-props.ts";
import { connection, pulse } from "../live.ts";
import { EmptyNote, ErrorNote } from "../notes.tsx";
import { Segments } from "../segments.tsx";
import { rememberTitles } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { useCalmMoves } from "../use-calm-moves.ts";
import { reactionName, words } from "../words.ts";
import { HotRow } from "./hot-row.tsx";

const ROWS = 30;
const REFRESH_MS = 5_000;

export function HotList({ session }: ViewProps) {
  const say = words().now;
  const [span, setSpan] = useState<HotWindow>("hour");
  const [reaction, setReaction] = useState("");
  const [text, setText] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const now = pulse();
  // The list of the hour comes with every message; others are asked for, and that one too while no message comes.
  const inPulse = span === "hour" && reaction === "" && connection() === "live";
  const asked = useAsk(
    async () => {
      if (inPulse) return [];
      const pages = await session.newsroom.hot({
        window: span,
        limit: ROWS,
        reaction: reaction || undefined,
      });
      rememberTitles(pages);
      return pages;
    },
    [span, reaction, inPulse],
    inPulse ? undefined : REFRESH_MS,
  );
  // What was heard last stays while nobody answers.
  const heard = span === "hour" && reaction === "" ? now?.hot : undefined;
  const pages: readonly (HotPage | PulsePage)[] | undefined = inPulse ? heard : (asked.value ?? heard);
  const shown = filterByText(pages ?? [], text, ({ title }) => title);
  useCalmMoves(list, shown.map(({ page }) => page).join("\n"));

  return (
    <section class="card hot">
      <div class="bar">
        <h2>{say.hot}</h2>
        <Segments
          label={say.window}
          options={HOT_WINDOWS.map((value) => ({ value, name: say.windows[value] }))}
          value={span}
          onChoose={setSpan}
        />
        <select
          aria-label={say.reaction}
          value={reaction}
          onChange={(event) => setReaction(event.currentTarget.value)}
        >
          <option value="">{say.anyReaction}</option>
          {Object.keys(now?.totals ?? {}).map((name) => (
            <option key={name} value={name}>
              {reactionName(name)}
            </option>
          ))}
        </select>
        <input
          type="search"
          placeholder={say.filter}
          aria-label={say.filter}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {asked.error !== undefined && pages === undefined ? (
        <ErrorNote error={asked.error} again={asked.again} />
      ) : null}
      {pages === undefined ? (
        asked.error === undefined ? (
          <EmptyNote text={say.waiting} />
        ) : null
      ) : shown.length === 0 ? (
        <EmptyNote text={pages.length === 0 ? say.empty : say.noTitle} />
      ) : (
        <ol class="hot-list" ref={list}>
          {shown.map((page, index) => (
            <HotRow key={page.page} page={page} rank={index + 1} session={session} />
          ))}
        </ol>
      )}
    </section>
  );
}
