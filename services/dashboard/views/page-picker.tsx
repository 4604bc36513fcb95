import { useState } from "preact/hooks";
import { isPageId } from "../../../shared/contract/page-id.ts";
import { filterByText } from "../filter.ts";
import type { ViewProps } from "../frame-props.ts";
import { navigate } from "../navigate.ts";
import { EmptyNote, ErrorNote } from "../notes.tsx";
import { writeRoute } from "../route.ts";
import { rememberTitles, titledPages } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { words } from "../words.ts";

const SHOWN_MAX = 30;

/** Which page? By title among those seen lately, or by id. */
export function PagePicker({ session }: ViewProps) {
  const say = words().page;
  const [text, setText] = useState("");
  const asked = useAsk(async () => {
    rememberTitles(await session.newsroom.hot({ window: "week", limit: 50 }));
    return true;
  }, []);
  // Before the titles are here, or fail to come, words from one would be taken for an id.
  const waiting = asked.value === undefined && asked.error === undefined;
  const known = titledPages();
  const shown = filterByText(known, text, ({ title, page }) => `${title} ${page}`).slice(0, SHOWN_MAX);

  function open(event: SubmitEvent): void {
    event.preventDefault();
    const id = text.trim();
    const only = shown.length === 1 ? shown[0]?.page : undefined;
    const page = known.some((one) => one.page === id) ? id : (only ?? id);
    if (isPageId(page)) navigate({ view: "page", page });
  }

  return (
    <>
      <h1>{say.pick}</h1>
      <p class="quiet">{say.pickHow}</p>
      <form class="card picker" onSubmit={open}>
        <input
          type="search"
          aria-label={say.pickField}
          placeholder={say.pickField}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <button type="submit" class="main-button" disabled={waiting || text.trim() === ""}>
          {say.pickOpen}
        </button>
      </form>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <section class="card">
        <h2>{say.pickLately}</h2>
        {known.length === 0 && asked.value !== undefined ? <EmptyNote text={say.pickNone} /> : null}
        <ul class="links">
          {shown.map(({ page, title }) => (
            <li key={page}>
              <a data-row href={writeRoute({ view: "page", page })} dir="auto">
                {title}
              </a>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
