/** Draws curves as SVG with ECharts, which needs no browser for it. */
import { createRequire } from "node:module";
import { join } from "node:path";

export interface Chart {
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
}

export interface Curve {
  /** What it is of; shown where there are several. */
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

interface Charts {
  init(
    element: null,
    theme: null,
    options: { renderer: "svg"; ssr: true; width: number; height: number },
  ): { setOption(option: object): void; renderToSVGString(): string; dispose(): void };
}

/** The x axis is logarithmic, the y axis begins at zero: what grows must look as if it grew. @param installed folder of echarts */
export function drawChart(installed: string, { x, y, curves }: Chart): string {
  const charts: Charts = createRequire(join(installed, "package.json"))("echarts");
  const chart = charts.init(null, null, { renderer: "svg", ssr: true, width: 560, height: 300 });
  chart.setOption({
    animation: false,
    backgroundColor: "#ffffff",
    grid: { left: 60, right: 30, top: 40, bottom: 50 },
    xAxis: { type: "log", name: x, nameLocation: "middle", nameGap: 30 },
    yAxis: { type: "value", name: y, min: 0, nameTextStyle: { align: "left" } },
    ...(curves.length > 1 ? { legend: { right: 30, top: 8 } } : {}),
    series: curves.map(({ name, points }) => ({
      type: "line",
      name,
      data: points,
      symbolSize: 8,
      label: { show: true, formatter: label },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}

const label = ({ value: [, y = 0] }: { readonly value: readonly number[] }): string => y.toPrecision(3);
