/** A chart as a picture that explains itself: on its ground, under its title, with its legend. */
import type { Series } from "./chart-props.ts";

const MARGIN = 20;
const LINE = 26;

export async function toPicture(
  chart: HTMLCanvasElement,
  title: string,
  series: readonly Series[],
): Promise<Blob> {
  const scale = chart.width / Math.max(1, chart.clientWidth);
  const { color, fontFamily } = getComputedStyle(chart);
  const canvas = document.createElement("canvas");
  canvas.width = chart.width + 2 * MARGIN * scale;
  canvas.height = chart.height + (2 * MARGIN + 2 * LINE) * scale;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws on no canvas");
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.fillStyle = color;
  context.font = `600 16px ${fontFamily}`;
  context.fillText(title, MARGIN, MARGIN + 12);
  context.font = `13px ${fontFamily}`;
  let x = MARGIN;
  for (const { name, colour } of series) {
    context.fillStyle = colour;
    context.fillRect(x, MARGIN + LINE + 2, 10, 10);
    context.fillStyle = color;
    context.fillText(name, x + 15, MARGIN + LINE + 11);
    x += 15 + context.measureText(name).width + 18;
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(chart, MARGIN * scale, (MARGIN + 2 * LINE) * scale);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)), "image/png");
  });
}
