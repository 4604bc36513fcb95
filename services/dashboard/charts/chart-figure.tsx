/** A chart with its heading, its values at the pointer, and itself as a file. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { dayAndMinute, second } from "../times.ts";
import { sentence, tag, words } from "../words.ts";
import { Chart } from "./chart.tsx";
import type { Mark, Series } from "./chart-props.ts";
import { fileNameOf, toCsv } from "./csv.ts";
import { download } from "./download.ts";
import { toPicture } from "./picture.ts";
import type { Range } from "./ranges.ts";

export interface ChartFigureProps {
  readonly title: string;
  readonly note?: string;
  /** Unix ms, rising; undefined: not known yet. */
  readonly at: readonly number[] | undefined;
  readonly series: readonly Series[];
  readonly stacked?: boolean;
  readonly max?: number;
  readonly height?: number;
  readonly format: (value: number) => string;
  readonly marks?: readonly Mark[];
  readonly onRange?: (range: Range) => void;
  readonly children?: ComponentChildren;
}

const NONE: readonly number[] = [];

export function ChartFigure(props: ChartFigureProps) {
  const { title, note, at = NONE, series, format, height = 220, children, ...rest } = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const canvas = useRef<HTMLCanvasElement | undefined>(undefined);
  const say = words().chart;
  const last = at.length - 1;
  const index = pointed !== null && pointed <= last ? pointed : last;
  const time = at[index];
  const value = (row: Series, place: number) => format(row.values[place] ?? 0);
  const empty = props.at === undefined ? say.waiting : at.length < 2 ? say.empty : undefined;
  const label = sentence(say.summary, {
    title,
    from: dayAndMinute(tag(), at[0] ?? 0),
    to: dayAndMinute(tag(), at[last] ?? 0),
    last: series.map((row) => `${row.name} ${value(row, last)}`).join(", "),
  });

  async function savePicture(): Promise<void> {
    if (canvas.current === undefined) return;
    download(fileNameOf(title, "png"), await toPicture(canvas.current, title, series));
  }

  return (
    <figure class="card chart-figure">
      <figcaption>
        <h2>{title}</h2>
        {note === undefined ? null : <span class="quiet small">{note}</span>}
        <span class="files">
          <button
            type="button"
            class="small-button"
            disabled={empty !== undefined}
            aria-label={sentence(say.csvOf, { title })}
            onClick={() =>
              download(fileNameOf(title, "csv"), new Blob([toCsv(at, series)], { type: "text/csv" }))
            }
          >
            {say.csv}
          </button>
          <button
            type="button"
            class="small-button"
            disabled={empty !== undefined}
            aria-label={sentence(say.pngOf, { title })}
            onClick={() => void savePicture()}
          >
            {say.png}
          </button>
        </span>
      </figcaption>
      {empty === undefined ? (
        <Chart
          {...rest}
          at={at}
          series={series}
          format={format}
          height={height}
          label={label}
          onPoint={setPointed}
          onCanvas={(made) => {
            canvas.current = made;
          }}
        />
      ) : (
        <p class="empty" style={{ height: `${height}px` }}>
          {empty}
        </p>
      )}
      <ul class="legend">
        {series.length > 1 || pointed !== null
          ? series.map((row) => (
              <li key={row.name}>
                <i class="dot" style={{ background: row.colour }} />
                {row.name} <b>{empty === undefined ? value(row, index) : ""}</b>
              </li>
            ))
          : null}
        {pointed === null || time === undefined ? null : (
          <li class="quiet">
            {at[last] === undefined || (at[last] ?? 0) - (at[0] ?? 0) < 900_000
              ? second(tag(), time)
              : dayAndMinute(tag(), time)}
          </li>
        )}
      </ul>
      {children}
    </figure>
  );
}
