/** A page's timeline, three ways, under one picker of time. */
import { useMemo, useState } from "preact/hooks";
import type { Order } from "../../../shared/contract/order-answers.ts";
import type { TimelinePoint } from "../../../shared/contract/timeline.ts";
import { ChartFigure } from "../charts/chart-figure.tsx";
import type { Series } from "../charts/chart-props.ts";
import { coloursOf, PLAIN } from "../charts/palette.ts";
import { askable, lately, type Range, type Span, sensible } from "../charts/ranges.ts";
import { type Point, reactionsOf, shares, valuesOf, velocity } from "../charts/series.ts";
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
      const { from, step } = askable(range ?? lately(span, now), now);
      return await session.newsroom.timeline({ page, from, to: range?.to, step });
    },
    [page, range, span],
    REFRESH_MS,
  );
  const language = tag();
  // Made once for an answer: a chart that is given the same again is not drawn again, under a pointer that draws on it.
  const drawn = useMemo(() => drawnOf(asked.value?.points), [asked.value, language]);
  const marks = useMemo(
    () => orders.map((order) => ({ at: order.at, text: orderName(order) })),
    [orders, language],
  );
  const draw = (chosen: Range): void => onRange(sensible(chosen, Date.now()));

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
        at={drawn.at}
        series={drawn.counts}
        stacked
        height={280}
        format={(value) => short(tag(), value)}
        marks={marks}
        onRange={draw}
      />
      <div class="columns even">
        <ChartFigure
          title={say.page.share}
          at={drawn.at}
          series={drawn.shares}
          stacked
          max={1}
          format={(value) => percent(tag(), value)}
          onRange={draw}
        />
        <ChartFigure
          title={say.page.velocity}
          at={drawn.speedAt}
          series={drawn.speed}
          format={(value) => rate(tag(), value)}
          onRange={draw}
        />
      </div>
    </>
  );
}

/** All that the three charts need of a timeline. */
function drawnOf(points: readonly TimelinePoint[] | undefined) {
  const names = reactionsOf(points ?? []);
  const colours = coloursOf(names);
  const seriesOf = (rows: readonly Point[]): readonly Series[] =>
    names.map((name) => ({
      name: reactionName(name),
      colour: colours.get(name) ?? PLAIN,
      values: valuesOf(rows, name),
    }));
  const speeds = velocity(points ?? []);
  return {
    at: points?.map(({ at }) => at),
    counts: seriesOf(points ?? []),
    shares: seriesOf(shares(points ?? [])),
    speedAt: points === undefined ? undefined : speeds.map(({ at }) => at),
    speed: [{ name: words().page.velocity, colour: PLAIN, values: speeds.map(({ perMinute }) => perMinute) }],
  };
}
