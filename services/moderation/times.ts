/** Times as people write and read them. */
import { UsageError } from "./usage-error.ts";

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Unix milliseconds of `2026-11-24T07:00Z`, of `90m` or `2d` (so long before `now_ms`), or of the number itself.
 * @param option its name, for the message
 * @throws UsageError
 */
export function parseTime(option: string, text: string, now_ms: number): number {
  const [, amount, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (amount !== undefined && unit !== undefined) return now_ms - Number(amount) * (UNIT_MS[unit] ?? 0);
  const at = /^\d{12,15}$/.test(text) ? Number(text) : /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isSafeInteger(at) || at < 0) {
    throw new UsageError(
      `${option}: expected a time like 2026-11-24T07:00Z, 90m or 2d (ago), or Unix milliseconds, got ${JSON.stringify(text)}`,
    );
  }
  return at;
}

/** As in `2026-11-24 07:00:05Z`. */
export function showTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace("T", " ")}Z`;
}
