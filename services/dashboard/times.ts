/** Times in the viewer's zone. All take Unix ms. */

/** Date and minute: Nov 24, 14:05. */
export function dayAndMinute(tag: string, at: number): string {
  return format(tag, at, {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

/** Time of day: 14:05. */
export function minute(tag: string, at: number): string {
  return format(tag, at, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** Time of day: 14:05:09. */
export function second(tag: string, at: number): string {
  return format(tag, at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

/** Date: Nov 24. */
export function day(tag: string, at: number): string {
  return format(tag, at, { month: "short", day: "numeric" });
}

/** All of it with the zone, for whoever points at a short one. */
export function full(tag: string, at: number): string {
  return format(tag, at, { dateStyle: "full", timeStyle: "long" });
}

/** How long ago, in one unit: 3 minutes ago. */
export function ago(tag: string, at: number, now: number): string {
  const passed_s = Math.round((at - now) / 1_000);
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto", style: "long" });
  const size_s = Math.abs(passed_s);
  if (size_s < 60) return relative.format(passed_s, "second");
  if (size_s < 3_600) return relative.format(Math.round(passed_s / 60), "minute");
  if (size_s < 86_400) return relative.format(Math.round(passed_s / 3_600), "hour");
  return relative.format(Math.round(passed_s / 86_400), "day");
}

/** What a `datetime-local` field takes: the same moment in the viewer's zone. */
export function toField(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What such a field holds; undefined when it is empty or no time. */
export function fromField(text: string): number | undefined {
  const at = new Date(text).getTime();
  return Number.isNaN(at) ? undefined : at;
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs more than using it a hundred times. */
function format(tag: string, at: number, options: Intl.DateTimeFormatOptions): string {
  const key = tag + JSON.stringify(options);
  const known = made.get(key) ?? new Intl.DateTimeFormat(tag, options);
  made.set(key, known);
  return known.format(at);
}
