/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
import type { ComponentChildren } from "preact";

export interface DataTableProps {
  readonly label: string;
  readonly heads: readonly string[];
  /** Rows (`tr`). */
  readonly children: ComponentChildren;
}

export function DataTable({ label, heads, children }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard (WCAG 2.1.1)
    <section class="wide" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
