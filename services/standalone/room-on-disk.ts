import { statfsSync } from "node:fs";

/** Bytes that may still be written where `folder` is; undefined when that cannot be said. */
export function roomOnDisk_bytes(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
