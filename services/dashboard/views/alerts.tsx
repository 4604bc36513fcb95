/** What an editor should look at, why, and whom it was sent to. */
import type { Alert } from "../../../shared/contract/alerts.ts";
import { alertSentence } from "../alert-sentence.ts";
import { around } from "../charts/ranges.ts";
import type { ViewProps } from "../frame-props.ts";
import { now } from "../live.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { writeRoute } from "../route.ts";
import { ago, full } from "../times.ts";
import { titled } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { reactionName, tag, words } from "../words.ts";
import { Suspects } from "./suspects.tsx";
import { Webhooks } from "./webhooks.tsx";

const REFRESH_MS = 10_000;

export function AlertsView({ session }: ViewProps) {
  const say = words().alerts;
  const asked = useAsk(() => session.newsroom.alerts(), [], REFRESH_MS);
  return (
    <>
      <h1>{say.title}</h1>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <LoadingNote asked={asked} />
      {asked.value?.length === 0 ? <EmptyNote text={say.empty} /> : null}
      <ul class="alerts">
        {(asked.value ?? []).map((alert) => (
          <AlertCard key={alert.id} alert={alert} />
        ))}
      </ul>
      <Suspects session={session} />
      <Webhooks session={session} />
    </>
  );
}

function AlertCard({ alert }: { readonly alert: Alert }) {
  const messages = words();
  const { at, page, title, why } = alert;
  const there = writeRoute({ view: "page", page, ...around(at, Date.now()) });
  return (
    <li class={`card alert alert-${why.kind}`}>
      <p class="alert-head">
        <span class="kind">{messages.alerts.kinds[why.kind]}</span>
        <time class="quiet" title={full(tag(), at)}>
          {ago(tag(), at, now())}
        </time>
      </p>
      <a class="title" data-row href={there} dir="auto" title={messages.alerts.look}>
        {title ?? titled(page)?.title ?? page}
      </a>
      <p>{alertSentence(messages, tag(), why, reactionName)}</p>
    </li>
  );
}
