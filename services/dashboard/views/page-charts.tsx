/** A page's timeline, three ways, under one picker of time. */
import { useState } from "preact/hooks";
import type { Order } from "../../../shared/contract/order-answers.ts";
import { ChartFigure } from "../charts/chart-figure.tsx";
import { coloursOf, PLAIN } from "../charts/palette.ts";
import { askable, lately, type Range, type Span, sensible } from "../charts/ranges.ts";
import { reactionsOf, shares, valuesOf, velocity } from "../charts/series.ts";
import type { ViewProps } from "../frame-props.ts";
import { ErrorNote } from "../notes.tsx";
import { percent, rate, short } from "../numbers.ts";
import { orderName } from "../orders/order-name.ts";
import { useAsk } from "../use-ask.ts";
import { reactionName, tag, words } from "../words.ts";
import { RangePicker } from "./range-picker.tsx";

export interface PageChartsProps extends ViewProps {
  readonly page: string;
  readonly range: Range | undefined;
  /** Marked on the timeline. */
  readonly orders: readonly Order[];
  readonly onRange: (range: Range | undefined) => void;
}

const REFRESH_MS = 10_000;

export function PageCharts({ session, page, range, orders, onRange }: PageChartsProps) {
  const say = words();
  const [span, setSpan] = useState<Span>("6h");
  const asked = useAsk(
    async () => {
      const now = Date.now();
      return await session.newsroom.timeline({ page, ...askable(range ?? lately(span, now), now) });
    },
    [page, range, span],
    REFRESH_MS,
  );
  const points = asked.value?.points;
  const at = points?.map((point) => point.at);
  const names = reactionsOf(points ?? []);
  const colours = coloursOf(names);
  const seriesOf = (rows: NonNullable<typeof points>) =>
    names.map((name) => ({
      name: reactionName(name),
      colour: colours.get(name) ?? "",
      values: valuesOf(rows, name),
    }));
  const draw = (drawn: Range): void => onRange(sensible(drawn, Date.now()));
  const speed = velocity(points ?? []);

  return (
    <>
      <RangePicker
        key={JSON.stringify(range)}
        span={range === undefined ? span : undefined}
        range={range ?? lately(span, Date.now())}
        onSpan={(chosen) => {
          setSpan(chosen);
          onRange(undefined);
        }}
        onRange={onRange}
      />
      {asked.error === undefined ? null : <ErrorNote error={asked.error} again={asked.again} />}
      <ChartFigure
        title={say.page.timeline}
        note={say.chart.drag}
        at={at}
        series={seriesOf(points ?? [])}
        stacked
        height={280}
        format={(value) => short(tag(), value)}
        marks={orders.map((order) => ({ at: order.at, text: orderName(order) }))}
        onRange={draw}
      />
      <div class="columns even">
        <ChartFigure
          title={say.page.share}
          at={at}
          series={seriesOf(shares(points ?? []))}
          stacked
          max={1}
          format={(value) => percent(tag(), value)}
          onRange={draw}
        />
        <ChartFigure
          title={say.page.velocity}
          at={points === undefined ? undefined : speed.map((one) => one.at)}
          series={[
            { name: say.page.velocity, colour: PLAIN, values: speed.map(({ perMinute }) => perMinute) },
          ]}
          format={(value) => rate(tag(), value)}
          onRange={draw}
        />
      </div>
    </>
  );
}
