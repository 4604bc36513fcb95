/** Ways that take turns, so that a slow minute hits all of them. */
import { format, median, spread } from "../rows.ts";
import type { Table } from "./results.ts";

/** What is compared: something with a name that can be begun. */
export interface Turn<Running extends { readonly end: () => Promise<void> }> {
  readonly name: string;
  /** @param pages that presses will go to */
  begin(pages: readonly string[]): Promise<Running>;
}

/** Figures by way's name and figure's name, one a round. */
export type Figures = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

/** @param measure what one way reaches in one round, by name of the figure */
export async function inTurns<Running extends { readonly end: () => Promise<void> }>(
  ways: readonly Turn<Running>[],
  rounds: number,
  pages: readonly string[],
  measure: (running: Running, name: string) => Promise<Readonly<Record<string, number>>>,
): Promise<Figures> {
  const figures = new Map<string, Map<string, number[]>>(ways.map(({ name }) => [name, new Map()]));
  for (let round = 0; round < rounds; round++) {
    for (const way of ways) {
      const running = await way.begin(pages);
      try {
        for (const [name, figure] of Object.entries(await measure(running, way.name))) {
          const list = figures.get(way.name)?.get(name) ?? [];
          figures.get(way.name)?.set(name, [...list, figure]);
          process.stdout.write(`  ${way.name}: ${name} ${format(figure)}\n`);
        }
      } finally {
        await running.end();
      }
    }
  }
  return figures;
}

/** A row a way, a column a figure: the median, and lowest to highest where there were several rounds. */
export function tableOf(figures: Figures): string[][] {
  const names = [...new Set([...figures.values()].flatMap((of) => [...of.keys()]))];
  const rows = [...figures].map(([way, of]) => [
    way,
    ...names.map((name) => {
      const list = of.get(name) ?? [];
      return list.length === 0
        ? "–"
        : `${format(median(list))}${list.length > 1 ? ` (${spread(list)})` : ""}`;
    }),
  ]);
  return [["", ...names], ...rows];
}

/** A table under a title of its own, where a part has several. */
export function titled(title: string, [head = [], ...rows]: Table): Table {
  return [[title, ...head.slice(1)], ...rows];
}

/** One way's figure over another's, round by round. */
export function ratio(figures: Figures, name: string, above: string, below: string) {
  const over = figures.get(above)?.get(name) ?? [];
  const under = figures.get(below)?.get(name) ?? [];
  const ratios = over.map((figure, round) => figure / (under[round] ?? Number.NaN));
  return { figure: median(ratios), spread: spread(ratios) };
}
