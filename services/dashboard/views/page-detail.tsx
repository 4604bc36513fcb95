/** All about one page. */
import { useState } from "preact/hooks";
import type { PageCounts } from "../../../shared/contract/counts.ts";
import type { Order } from "../../../shared/contract/order-answers.ts";
import { isPageUrl } from "../../../shared/contract/registered-page.ts";
import type { Range } from "../charts/ranges.ts";
import type { ViewProps } from "../frame-props.ts";
import { pulse } from "../live.ts";
import { navigate } from "../navigate.ts";
import { ErrorNote } from "../notes.tsx";
import { short } from "../numbers.ts";
import { OrderButtons } from "../orders/order-buttons.tsx";
import { OrderTable } from "../orders/order-table.tsx";
import { writeRoute } from "../route.ts";
import { titled } from "../titles.ts";
import { useAsk } from "../use-ask.ts";
import { counted, tag, words } from "../words.ts";
import { PageCharts } from "./page-charts.tsx";
import { PageSources } from "./page-sources.tsx";
import { Totals } from "./totals.tsx";

export interface PageDetailProps extends ViewProps {
  readonly page: string;
  /** Undefined: the last hours. */
  readonly range: Range | undefined;
}

const NONE: readonly Order[] = [];

const COUNTS_MS = 2_000;
const ORDERS_MS = 10_000;

export function PageDetail({ session, page, range }: PageDetailProps) {
  const say = words().page;
  const [given, setGiven] = useState(0);
  const known = titled(page);
  const live = pulse()?.hot.find((one) => one.page === page);
  // Asked for, not watched over a socket: an editor who looks is no reader of the page.
  const counts = useAsk(() => session.newsroom.counts(page), [page, given], COUNTS_MS);
  const orders = useAsk(
    async () => (await session.moderation.orders(100)).filter((order) => order.page === page),
    [page, given],
    ORDERS_MS,
  );
  const total = counts.value?.total;
  const showOrder = (): void => setGiven((n) => n + 1);

  return (
    <>
      <header class="page-head">
        <div>
          <h1 dir="auto">{known?.title ?? page}</h1>
          <p class="quiet small">
            {known === undefined ? null : <code dir="auto">{page}</code>}
            {known !== undefined && isPageUrl(known.url) ? (
              <a href={known.url} target="_blank" rel="noreferrer">
                {say.article}
              </a>
            ) : null}
            <a href={writeRoute({ view: "page" })}>{say.other}</a>
          </p>
        </div>
        {counts.value === undefined ? null : (
          <OrderButtons session={session} counts={counts.value} onGiven={showOrder} />
        )}
      </header>
      {counts.error === undefined ? null : <ErrorNote error={counts.error} again={counts.again} />}
      <div class="columns page-columns">
        <section class="card">
          <h2>
            {total === undefined ? "…" : counted(words().counts.votes, total)} <State counts={counts.value} />
          </h2>
          {counts.value === undefined ? null : <Totals counts={counts.value.counts} />}
          {live === undefined ? null : (
            <p class="quiet">
              {words().now.viewers}: <b>{short(tag(), live.viewers)}</b>
            </p>
          )}
          {total === 0 && counts.value?.state !== "hidden" ? <p class="quiet">{say.none}</p> : null}
        </section>
        <PageSources session={session} page={page} given={given} onGiven={showOrder} />
      </div>
      <PageCharts
        session={session}
        page={page}
        range={range}
        orders={orders.value ?? NONE}
        onRange={(chosen) => navigate({ view: "page", page, ...chosen })}
      />
      <section class="card">
        <h2>{say.orders}</h2>
        {orders.error === undefined ? null : <ErrorNote error={orders.error} again={orders.again} />}
        {orders.value === undefined ? null : (
          <OrderTable session={session} orders={orders.value} onGiven={showOrder} />
        )}
      </section>
    </>
  );
}

function State({ counts }: { readonly counts: PageCounts | undefined }) {
  if (counts === undefined) return null;
  return <span class={`badge badge-${counts.state}`}>{words().page.state[counts.state]}</span>;
}
