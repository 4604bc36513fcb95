/** What a chart is drawn from. */
import type { Range } from "./ranges.ts";

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
