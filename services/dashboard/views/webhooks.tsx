/** Whom alerts are sent to, and how that went. */
import type { ViewProps } from "../frame-props.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { dayAndMinute, full } from "../times.ts";
import { titled } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { sentence, tag, words } from "../words.ts";
import { DataTable } from "./data-table.tsx";

const REFRESH_MS = 15_000;

export function Webhooks({ session }: ViewProps) {
  const say = words().alerts;
  const hooks = useAsk(() => session.newsroom.webhooks(), [], REFRESH_MS);
  return (
    <section class="card">
      <h2>{say.webhooks}</h2>
      {hooks.error === undefined ? null : <ErrorNote error={hooks.error} again={hooks.again} />}
      <LoadingNote asked={hooks} />
      {hooks.value?.length === 0 ? (
        <EmptyNote text={sentence(say.noWebhooks, { site: session.site, name: "…" })} />
      ) : null}
      <ul class="lines">
        {(hooks.value ?? []).map((hook) => (
          <li key={hook.name}>
            <b>{hook.name}</b>
            <span class="quiet address">{hook.url}</span>
            <span class={hook.parkedAt === undefined ? "quiet" : "wrong"}>
              {hook.parkedAt === undefined
                ? say.sending
                : sentence(say.parked, { time: dayAndMinute(tag(), hook.parkedAt) })}
            </span>
          </li>
        ))}
      </ul>
      {(hooks.value ?? []).length === 0 ? null : <Deliveries session={session} />}
    </section>
  );
}

function Deliveries({ session }: ViewProps) {
  const say = words().alerts;
  const asked = useAsk(() => session.newsroom.deliveries(), [], REFRESH_MS);
  return (
    <>
      <h3>{say.deliveries}</h3>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      {asked.value?.length === 0 ? <EmptyNote text={say.noDeliveries} /> : null}
      {asked.value === undefined || asked.value.length === 0 ? null : (
        <DataTable label={say.deliveries} heads={[say.when, say.to, say.about, say.outcome]}>
          {asked.value.map((line) => (
            <tr key={line.id}>
              <td>
                <time title={full(tag(), line.at)}>{dayAndMinute(tag(), line.at)}</time>
              </td>
              <td>{line.webhook}</td>
              <td dir="auto">
                {say.kinds[line.kind]}: {titled(line.page)?.title ?? line.page}
              </td>
              <td class={line.outcome === "delivered" ? undefined : "wrong"}>
                {say.outcomes[line.outcome]} ·{" "}
                {[sentence(say.attempt, { n: String(line.attempt) }), line.status, line.reason]
                  .filter((part) => part !== undefined)
                  .join(" · ")}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </>
  );
}
