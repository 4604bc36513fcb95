/** Longest that a request may ask to wait. */
export const WAIT_S_MAX = 10;

/**
 * The seconds of `Prefer: wait=…` (RFC 7240), at most `WAIT_S_MAX`; undefined when the client does not ask to wait. As the
 * RFC wants it, a preference that cannot be understood is ignored.
 */
export function preferredWait_s(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(String(header))?.[1];
  return seconds === undefined ? undefined : Math.min(Number(seconds), WAIT_S_MAX);
}
