/** Who ordered what, and what it did. */
import { useEffect, useState } from "preact/hooks";
import { type ServiceError, toServiceError } from "../../../shared/client/service-error.ts";
import type { AuditEntry } from "../../../shared/contract/order-answers.ts";
import { filterByText } from "../filter.ts";
import type { ViewProps } from "../frame-props.ts";
import { EmptyNote, ErrorNote, LoadingNote } from "../notes.tsx";
import { orderName } from "../orders/order-name.ts";
import { titled } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { counted, words } from "../words.ts";
import { AuditLine } from "./audit-line.tsx";

const LINES = 200;
const REFRESH_MS = 10_000;

/** More than anybody reads; who looks further back has the export and the command line. */
const LINES_MAX = 5_000;

export function AuditView({ session }: ViewProps) {
  const say = words();
  const [text, setText] = useState("");
  const [lines, setLines] = useState<readonly AuditEntry[]>([]);
  const [end, setEnd] = useState(false);
  const [failed, setFailed] = useState<ServiceError | undefined>(undefined);
  const asked = useAsk(() => session.moderation.audit({ limit: LINES }), [], REFRESH_MS);
  useEffect(() => {
    if (asked.value !== undefined) setLines((held) => withNewest(held, [...(asked.value ?? [])].reverse()));
  }, [asked.value]);
  const shown = filterByText(lines, text, textOf);
  const more = !end && lines.length >= LINES && lines.length < LINES_MAX;

  async function loadOlder(): Promise<void> {
    const before = lines.at(-1)?.id;
    if (before === undefined) return;
    try {
      const older = [...(await session.moderation.audit({ before, limit: LINES }))].reverse();
      setLines((held) => [...held, ...older]);
      setEnd(older.length < LINES);
      setFailed(undefined);
    } catch (error) {
      setFailed(toServiceError(error));
    }
  }

  return (
    <>
      <div class="bar">
        <h1>{say.audit.title}</h1>
        <input
          type="search"
          aria-label={say.audit.search}
          placeholder={say.audit.search}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <LoadingNote asked={asked} />
      {asked.value === undefined ? null : asked.value.length === 0 ? (
        <EmptyNote text={say.audit.empty} />
      ) : (
        <section class="card">
          <p class="quiet small" role="status">
            {counted(say.counts.lines, shown.length)}
          </p>
          {shown.length === 0 ? <EmptyNote text={say.audit.noMatch} /> : null}
          <ul class="audit">
            {shown.map((line) => (
              <AuditLine key={line.id} line={line} />
            ))}
          </ul>
          {failed === undefined ? null : <ErrorNote error={failed} again={() => void loadOlder()} />}
          {more ? (
            <button type="button" onClick={() => void loadOlder()}>
              {say.audit.older}
            </button>
          ) : (
            <p class="quiet small">{say.audit.all}</p>
          )}
        </section>
      )}
    </>
  );
}

/** Both newest first. Where they do not meet, lines are missing between them: then the newest alone are the truth. */
function withNewest(held: readonly AuditEntry[], newest: readonly AuditEntry[]): readonly AuditEntry[] {
  const known = new Set(newest.map(({ id }) => id));
  const older = held.filter(({ id }) => !known.has(id));
  return older.length < held.length ? [...newest, ...older].slice(0, LINES_MAX) : newest;
}

/** All that a search looks through. */
function textOf(line: AuditEntry): string {
  const { who, what, order, page = "", source, reaction, reason, orderId, token } = line;
  return [
    who,
    words().audit.deeds[what],
    what,
    order,
    orderName(line),
    page,
    titled(page)?.title,
    source,
    reaction,
    reason,
    orderId,
    token,
  ].join(" ");
}
