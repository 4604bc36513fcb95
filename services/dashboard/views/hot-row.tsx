import type { HotPage } from "../../../shared/contract/hot.ts";
import { type PulsePage, SPARK_MINUTES } from "../../../shared/contract/pulse.ts";
import { Changing } from "../changing.tsx";
import { MoodBar } from "../charts/mood-bar.tsx";
import { gains } from "../charts/series.ts";
import { Sparkline } from "../charts/sparkline.tsx";
import type { ViewProps } from "../frame-props.ts";
import { pulse } from "../live.ts";
import { short, whole } from "../numbers.ts";
import { writeRoute } from "../route.ts";
import { useAsk } from "../use-ask.ts";
import { tag, words } from "../words.ts";

export interface HotRowProps extends ViewProps {
  readonly page: HotPage | PulsePage;
  readonly rank: number;
}

/** One page of the hot list; its title leads to its view. */
export function HotRow({ page, rank, session }: HotRowProps) {
  const say = words();
  const live = pulse()?.hot.find((one) => one.page === page.page);
  const spark = useAsk(
    async () => (live === undefined ? await sparkOf(session, page.page) : []),
    [page.page, live === undefined],
    live === undefined ? 60_000 : undefined,
  );
  return (
    <li data-key={page.page}>
      <span class="rank">{rank}</span>
      <a class="title" data-row href={writeRoute({ view: "page", page: page.page })} dir="auto">
        {page.title}
      </a>
      <Sparkline values={live?.spark ?? spark.value ?? []} />
      <MoodBar counts={page.counts} />
      <span class="number votes">
        <Changing value={page.total} text={short(tag(), page.total)} title={whole(tag(), page.total)} />
        <span class="quiet">{say.now.votes}</span>
      </span>
      <span class="number watching">
        <b>{live === undefined ? "–" : short(tag(), live.viewers)}</b>
        <span class="quiet">{say.now.watching}</span>
      </span>
    </li>
  );
}

/** Net votes of each of the last minutes, for pages that the pulse does not carry. */
async function sparkOf({ newsroom }: HotRowProps["session"], page: string): Promise<readonly number[]> {
  const from = Date.now() - (SPARK_MINUTES + 1) * 60_000;
  return gains((await newsroom.timeline({ page, from, step: "minute" })).points);
}
