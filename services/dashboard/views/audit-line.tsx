import type { AuditEntry } from "../../../shared/contract/order-answers.ts";
import { orderName } from "../orders/order-name.ts";
import { writeRoute } from "../route.ts";
import { dayAndMinute, full } from "../times.ts";
import { titled } from "../titles.ts";
import { counted, reactionName, tag, words } from "../words.ts";

/** One line of the audit. */
export function AuditLine({ line }: { readonly line: AuditEntry }) {
  const { audit: say, counts } = words();
  const { at, who, what, page, source, reaction, reason, result, dryRun, token } = line;
  const about = [source, reaction === undefined ? undefined : reactionName(reaction), token]
    .filter((part) => part !== undefined)
    .join(" · ");
  return (
    <li>
      <time title={full(tag(), at)}>{dayAndMinute(tag(), at)}</time>
      <span class="who">{who}</span>
      <span>
        <b>{orderName(line)}</b> <span class={what === "failed" ? "wrong" : "quiet"}>{say.deeds[what]}</span>
        {dryRun === true ? <span class="quiet"> · {say.dryRun}</span> : null}
      </span>
      <span class="about" dir="auto">
        {page === undefined ? (
          <span class="quiet">{line.order === undefined ? "" : say.site}</span>
        ) : (
          <a data-row href={writeRoute({ view: "page", page })}>
            {titled(page)?.title ?? page}
          </a>
        )}
        {about === "" ? null : <code> {about}</code>}
      </span>
      <span class="result">
        {result === undefined || result.votes === 0 ? "" : counted(counts.votes, result.votes)}
      </span>
      {reason === undefined ? null : (
        <span class="reason" dir="auto">
          {reason}
        </span>
      )}
    </li>
  );
}
