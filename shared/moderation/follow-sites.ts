/** Keeps a process's sites as their file and Redis have them. */
import { type Config, ConfigError } from "../runtime/config.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { Log } from "../runtime/log.ts";
import type { RedisConnection } from "../runtime/redis-connections.ts";
import { repeat } from "../runtime/repeat.ts";
import { type Site, SiteBook } from "../runtime/sites.ts";
import { keepReactions } from "./kept-reactions.ts";
import { readSites } from "./site-store.ts";

/** How often both are looked at: a few kilobytes, and one small command. */
const PAUSE_MS = 1_000;

export interface FollowedSites extends Pick<SiteBook, "sites" | "onChange" | "originOf"> {
  /** Whether nobody ever named a site; false as well until Redis has told. */
  neverNamed(): boolean;
  /** What is wrong with the file, when its sites are not served for it. */
  faults(): readonly string[];
  /**
   * Takes over what was put through the API until now.
   * @throws ConfigError when the file reorders reactions that votes were taken under: then nothing of it is served; or what Redis said
   */
  refresh(): Promise<void>;
}

/**
 * Reads `SITES_FILE` at once, and looks at it and at Redis again until the lifecycle stops. What cannot be read stays as it
 * was: while Redis is away the sites are those that it told of last.
 * @param mayBeOpen whether the open site is served as long as no other was named
 * @throws ConfigError when the file cannot be read at first
 */
export function followSites(
  { sitesFile }: Pick<Config, "sitesFile">,
  redis: RedisConnection,
  lifecycle: Lifecycle,
  log: Log,
  mayBeOpen = true,
): FollowedSites {
  const book = new SiteBook(sitesFile, mayBeOpen);
  const told = (changed: boolean): void => {
    if (changed) log.info({ sites: [...book.sites.keys()] }, "the sites changed");
  };
  let changes: string | undefined;
  let keptFile: readonly Site[] | undefined;
  const read = async (): Promise<void> => {
    // Before anything else: no vote is taken until the first reading is done.
    if (book.filed !== keptFile) {
      const { filed } = book;
      const faults = (await keepReactions(redis, filed)).map((fault) => `SITES_FILE: ${fault}`);
      // The file changed meanwhile, and is looked at the next time.
      if (book.filed !== filed) return;
      if (faults.length > 0) {
        book.refuseFile(faults);
        log.error({ faults }, "no site of SITES_FILE is served until it is mended");
        throw new ConfigError(faults);
      }
      keptFile = filed;
    }
    const stored = await readSites(redis, changes);
    if (stored === undefined) return;
    const { sites, unread } = stored;
    if (unread.length > 0) log.error({ sites: unread }, "stored in a form that this version does not know");
    // What cannot be read is as it was before, if it was.
    const kept = unread.flatMap((id) => (book.originOf(id) === "api" ? (book.sites.get(id) ?? []) : []));
    told(book.takeStored([...sites, ...kept], stored.begun));
    if (book.neverNamed && !mayBeOpen)
      log.error({}, "no site is served: nobody named one, and the service is not open on purpose");
    changes = stored.changes;
  };
  const unread = (error: unknown): void => log.debug({ reason: String(error) }, "stored sites not read");
  // One after the other, lest an older answer be taken over after a newer one.
  let last: Promise<void> = Promise.resolve();
  const refresh = (): Promise<void> => {
    last = last.then(read, read);
    return last;
  };
  const lookAtFile = async (): Promise<void> => {
    const changed = book.lookAtFile();
    told(changed);
    // At once: a site that comes back may come with other reactions.
    if (changed) await refresh().catch(unread);
  };
  repeat("file of sites", PAUSE_MS, lookAtFile, lifecycle, (error) =>
    log.error({ reason: String(error) }, "the sites stay as they were"),
  );
  repeat("stored sites", PAUSE_MS, refresh, lifecycle, unread);
  return {
    sites: book.sites,
    onChange: (listener) => book.onChange(listener),
    originOf: (id) => book.originOf(id),
    neverNamed: () => book.neverNamed,
    faults: () => book.faults,
    refresh,
  };
}
