/** Keeps a process's sites as their file has them. */
import type { Config } from "./config.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Log } from "./log.ts";
import { repeat } from "./repeat.ts";
import { SitesFile } from "./sites.ts";

/** How often the file is looked at: a few kilobytes, and no watcher of files hears of every way to replace one. */
const PAUSE_MS = 1_000;

/**
 * Reads `SITES_FILE` and looks at it again until the lifecycle stops; a faulty change is logged and not taken over.
 * @throws ConfigError when it cannot be read at first
 */
export function followSites(
  { sitesFile }: Pick<Config, "sitesFile">,
  lifecycle: Lifecycle,
  log: Log,
): SitesFile {
  const file = new SitesFile(sitesFile);
  const look = async (): Promise<void> => {
    if (file.look()) log.info({ sites: [...file.sites.keys()] }, "the sites changed");
  };
  repeat("sites", PAUSE_MS, look, lifecycle, (error) =>
    log.error({ reason: String(error) }, "the sites stay as they were"),
  );
  return file;
}
