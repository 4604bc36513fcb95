/** A chart over time on a canvas (uPlot), as large as its place. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { isDark } from "../theme.ts";
import { tag } from "../words.ts";
import type { ChartProps } from "./chart-props.ts";
import { dataOf, optionsOf } from "./plot-options.ts";

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
