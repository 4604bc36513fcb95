/** Numbers for eyes. */

/** In full: 12,345. */
export function whole(tag: string, n: number): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }).format(n);
}

/** In little room: 12.3K. */
export function short(tag: string, n: number): string {
  return new Intl.NumberFormat(tag, { notation: "compact", maximumFractionDigits: 1 }).format(n);
}

/** A rate: one decimal below ten. */
export function rate(tag: string, n: number): string {
  return new Intl.NumberFormat(tag, { maximumFractionDigits: Math.abs(n) < 10 ? 1 : 0 }).format(n);
}

/** A share of one: 43%. */
export function percent(tag: string, share: number): string {
  return new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(
    share,
  );
}

/** Bytes: 12.3 MB. */
export function bytes(tag: string, n: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, n)) / 3)));
  return new Intl.NumberFormat(tag, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(n / 1_000 ** step);
}
