/** Sharded pub/sub (SPUBLISH) came with this version; Valkey forked later than that. */
export const MAJOR_VERSION_MIN = 7;

/** The version in what `redis-server --version` or `valkey-server --version` prints; undefined when there is none. */
export function parseVersion(printed: string): string | undefined {
  return /\bserver v=(\d+\.\d+\.\d+)/i.exec(printed)?.[1];
}

/**
 * The version of a Debian package as `apt-cache policy` names its candidate, without epoch and Debian's own suffix;
 * undefined when the package cannot be installed.
 */
export function parseCandidate(printed: string): string | undefined {
  return /^\s*Candidate:\s*(?:\d+:)?(\d+(?:\.\d+)*)/m.exec(printed)?.[1];
}

/** Whether this service can work with that version. */
export function isNewEnough(version: string): boolean {
  return Number.parseInt(version, 10) >= MAJOR_VERSION_MIN;
}
