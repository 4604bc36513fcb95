/** A chart over time on a canvas (uPlot), as large as its place. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../theme.ts";
import { day, minute, second } from "../times.ts";
import { tag } from "../words.ts";
import type { Range } from "./ranges.ts";
import { stack } from "./series.ts";

export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly (number | null)[];
}

/** A moment that is pointed out, Unix ms. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

export interface ChartProps {
  /** Unix ms, rising. */
  readonly at: readonly number[];
  readonly series: readonly Series[];
  /** One on top of the other. */
  readonly stacked?: boolean;
  /** Highest value of the scale; default: what the values need. */
  readonly max?: number;
  readonly height: number;
  readonly format: (value: number) => string;
  readonly marks?: readonly Mark[];
  /** Told the range that was drawn with a pointer; without it nothing can be drawn. */
  readonly onRange?: (range: Range) => void;
  /** Told the index that is pointed at; null: none. */
  readonly onPoint?: (index: number | null) => void;
  /** Told the canvas whenever there is a new one. */
  readonly onCanvas?: (canvas: HTMLCanvasElement | undefined) => void;
  /** What the chart says, for whoever does not see it. */
  readonly label: string;
}

export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(props);
  newest.current = props;
  const { at, series, stacked, height, label, max } = props;
  const dark = isDark();
  const shape = JSON.stringify([
    series.map(({ name, colour }) => [name, colour]),
    stacked,
    height,
    max,
    dark,
    tag(),
  ]);

  // `shape` stands for all that a chart is made with.
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(
      optionsOf(element, () => newest.current),
      dataOf(newest.current),
      element,
    );
    plot.current = made;
    newest.current.onCanvas?.(made.ctx.canvas);
    const watcher = new ResizeObserver(() => {
      if (element.clientWidth !== made.width) made.setSize({ width: element.clientWidth, height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      newest.current.onCanvas?.(undefined);
      made.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(() => plot.current?.setData(dataOf(newest.current)), [at, series, props.marks]);

  return <div ref={place} class="chart" role="img" aria-label={label} style={{ height: `${height}px` }} />;
}

function dataOf({ at, series, stacked }: ChartProps): uPlot.AlignedData {
  const rows = series.map(({ values }) => values);
  const drawn = stacked === true ? stack(rows.map((row) => row.map((value) => value ?? 0))) : rows;
  return [[...at], ...drawn.map((row) => [...row])];
}

function optionsOf(element: HTMLElement, props: () => ChartProps): uPlot.Options {
  const { series, stacked, height, max, onRange } = props();
  const style = getComputedStyle(element);
  const axis: uPlot.Axis = {
    stroke: style.color,
    font: `12px ${style.fontFamily}`,
    grid: { stroke: style.borderTopColor, width: 1 },
    ticks: { show: false },
  };
  const bands = series.slice(1).map((_, index): uPlot.Band => ({ series: [index + 2, index + 1] }));
  return {
    width: element.clientWidth,
    height,
    ms: 1,
    padding: [10, 20, 0, 0],
    legend: { show: false },
    scales: { y: { range: (_, low, high) => [Math.min(0, low ?? 0), max ?? roomAbove(high ?? 0)] } },
    series: [
      {},
      ...series.map(
        ({ colour }): uPlot.Series => ({
          stroke: colour,
          width: 1.75,
          fill: `${colour}${stacked === true ? "59" : "1f"}`,
          points: { show: false },
        }),
      ),
    ],
    ...(stacked === true ? { bands } : {}),
    axes: [
      {
        ...axis,
        size: 28,
        space: 70,
        values: (_, splits, _axis, _space, step) => splits.map((at) => timeLabel(at, step)),
      },
      { ...axis, size: 56, space: 34, values: (_, splits) => splits.map((value) => props().format(value)) },
    ],
    cursor: {
      y: false,
      drag: { x: onRange !== undefined, y: false, setScale: false },
      points: { size: 7 },
    },
    hooks: {
      setCursor: [({ cursor }) => props().onPoint?.(cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          props().onRange?.({ from: plot.posToVal(left, "x"), to: plot.posToVal(left + width, "x") });
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      draw: [(plot) => drawMarks(plot, props().marks ?? [], style.color)],
    },
  };
}

/** A chart without votes is no empty box: its scale ends at one. */
function roomAbove(high: number): number {
  return high > 0 ? high * 1.08 : 1;
}

function timeLabel(at: number, step_ms: number): string {
  if (step_ms < 60_000) return second(tag(), at);
  if (step_ms >= 86_400_000) return day(tag(), at);
  return new Date(at).getHours() === 0 && new Date(at).getMinutes() === 0
    ? day(tag(), at)
    : minute(tag(), at);
}

function drawMarks({ ctx, bbox, valToPos, scales }: uPlot, marks: readonly Mark[], colour: string): void {
  const { min = null, max = null } = scales.x ?? {};
  if (min === null || max === null) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  ctx.setLineDash([4, 4]);
  for (const { at } of marks.filter((mark) => mark.at >= min && mark.at <= max)) {
    const x = Math.round(valToPos(at, "x", true));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(x, bbox.top + 4, 4 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.restore();
}
