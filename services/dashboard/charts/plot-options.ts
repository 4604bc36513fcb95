/** How uPlot draws our charts. */
import type uPlot from "uplot";
import { day, minute, second } from "../times.ts";
import { tag } from "../words.ts";
import type { ChartProps } from "./chart-props.ts";
import { drawMarks } from "./draw-marks.ts";
import { stack } from "./series.ts";

/** The numbers as uPlot takes them: by column, stacked where that is asked for. */
export function dataOf({ at, series, stacked }: ChartProps): uPlot.AlignedData {
  const rows = series.map(({ values }) => values);
  const drawn = stacked === true ? stack(rows.map((row) => row.map((value) => value ?? 0))) : rows;
  return [[...at], ...drawn.map((row) => [...row])];
}

/** @param props read again whenever something is drawn or pointed at: they change while the chart stays */
export function optionsOf(element: HTMLElement, props: () => ChartProps): uPlot.Options {
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
