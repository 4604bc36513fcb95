/** Moments that are pointed out on a chart: a dashed line with a head. */
import type uPlot from "uplot";
import type { Mark } from "./chart-props.ts";

export function drawMarks(
  { ctx, bbox, valToPos, scales }: uPlot,
  marks: readonly Mark[],
  colour: string,
): void {
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
