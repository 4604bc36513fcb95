import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";

/** What an own Redis keeps in the data folder; absolute paths. */
export interface RedisFolders {
  /** The append-only files; as Redis itself names it, links resolved. */
  readonly data: string;
  /** What Redis says, warnings and worse. */
  readonly logFile: string;
  /** Which process runs on which port: see redis-record. */
  readonly recordFile: string;
  /** Name of the container, when it runs in one: the same for the same folder, so that a left-over one is found. */
  readonly containerName: string;
}

/** Makes what is missing, readable for its owner only. */
export function makeRedisFolders(dataDir: string): RedisFolders {
  const data = join(dataDir, "redis");
  mkdirSync(data, { recursive: true, mode: 0o700 });
  chmodSync(data, 0o700);
  const root = realpathSync(dataDir);
  const mark = createHash("sha256").update(root).digest("hex").slice(0, 12);
  return {
    data: realpathSync(data),
    logFile: join(root, "redis.log"),
    recordFile: join(root, "redis.json"),
    containerName: `reader-reactions-redis-${mark}`,
  };
}
