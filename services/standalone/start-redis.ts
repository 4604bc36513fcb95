/** A Redis of our own for as long as the service runs: started once, restarted whenever it dies, ended with us. */
import { setTimeout as pause } from "node:timers/promises";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { type DecideRestart, decideRestart } from "./decide-restart.ts";
import { endOrphan } from "./end-orphan.ts";
import type { RedisSource } from "./find-redis.ts";
import { onFreePort } from "./free-port.ts";
import { identityOf } from "./process-identity.ts";
import { makeRedisFolders, type RedisFolders } from "./redis-folders.ts";
import { removeRecord, writeRecord } from "./redis-record.ts";
import { roomOnDisk_bytes } from "./room-on-disk.ts";
import { type RedisRun, removeContainer, runRedis } from "./run-redis.ts";

/** What a supervised Redis needs to know. */
export interface RedisSettings {
  readonly dataDir: string;
  readonly log: Log;
  /** Default: decideRestart. */
  readonly decide?: DecideRestart;
}

/** A Redis that is kept running. */
export interface OwnRedis {
  /** `redis://127.0.0.1:<port>`; stays the same when Redis is restarted. */
  readonly url: string;
  readonly port: number;
  /** Of the process running now; undefined between a death and the restart. */
  pid(): number | undefined;
  /** Ends it; bounded, safe to call twice, at any time, and without need: the lifecycle calls it too. */
  stop(): Promise<void>;
}

/**
 * Starts Redis on a free loopback port with the data in `DATA_DIR/redis`, after ending one that a killed run left there.
 * Resolves when it serves commands. The folder must be locked (lock-data-dir) by the caller.
 * From then on it is restarted for good.
 * @throws RedisEndedError when it does not start; Error when the one left behind cannot be ended
 */
export async function startRedis(
  source: RedisSource,
  settings: RedisSettings,
  lifecycle: Lifecycle,
): Promise<OwnRedis> {
  const folders = makeRedisFolders(settings.dataDir);
  const orphan = await endOrphan(folders);
  if (orphan !== undefined)
    settings.log.warn({ pid: orphan }, "Ended a Redis that an earlier run left behind");
  return onFreePort(async (port) => {
    const redis = new SupervisedRedis(source, folders, port, settings);
    lifecycle.onStop("own Redis", () => redis.stop());
    try {
      await redis.start();
    } catch (error) {
      await redis.stop();
      throw error;
    }
    return redis;
  });
}

class SupervisedRedis implements OwnRedis {
  readonly port: number;
  readonly #source: RedisSource;
  readonly #folders: RedisFolders;
  readonly #settings: RedisSettings;
  readonly #stopping = new AbortController();
  #run: RedisRun | undefined;
  #stopped: Promise<void> | undefined;

  constructor(source: RedisSource, folders: RedisFolders, port: number, settings: RedisSettings) {
    this.#source = source;
    this.#folders = folders;
    this.port = port;
    this.#settings = settings;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  pid(): number | undefined {
    return this.#run?.pid;
  }

  async start(): Promise<void> {
    const run = await this.#begin();
    await run.ready;
    this.#supervise(run).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) throw error;
    });
  }

  stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await this.#run?.end();
    removeRecord(this.#folders.recordFile);
  }

  async #begin(): Promise<RedisRun> {
    const { containerName: container, recordFile } = this.#folders;
    // A container outlives the command that began it when that is killed.
    if (this.#source.kind === "container") await removeContainer(container);
    this.#stopping.signal.throwIfAborted();
    const run = runRedis(this.#source, this.#folders, this.port);
    this.#run = run;
    if (run.pid !== undefined) {
      const known = { pid: run.pid, port: this.port, identity: identityOf(run.pid) ?? "" };
      try {
        writeRecord(recordFile, this.#source.kind === "container" ? { ...known, container } : known);
      } catch (error) {
        // Without the note nobody would find it, should this process be killed: on a full disk, say.
        await run.kill();
        throw error;
      }
    }
    return run;
  }

  async #beginAgain(): Promise<RedisRun> {
    const run = await this.#begin();
    const { pid } = run;
    run.ready.then(
      () => this.#settings.log.info({ pid }, "Redis runs again"),
      () => {},
    );
    return run;
  }

  /** Goes on until it is stopped. */
  async #supervise(first: RedisRun): Promise<void> {
    const { dataDir, log, decide = decideRestart } = this.#settings;
    const signal = this.#stopping.signal;
    let rapidDeaths = 0;
    for (let begun = Promise.resolve(first); ; begun = this.#beginAgain()) {
      const { served_ms, reason } = await lifeOf(begun);
      if (signal.aborted) return;
      this.#run = undefined;
      const { after_ms, keepsDying, ...counted } = decide(rapidDeaths, served_ms);
      rapidDeaths = counted.rapidDeaths;
      const room_bytes = roomOnDisk_bytes(dataDir);
      if (keepsDying)
        log.error(
          { reason, rapidDeaths, after_ms, room_bytes },
          "Redis keeps dying; it is started again for as long as it takes, and votes are refused meanwhile",
        );
      else log.error({ reason, after_ms, room_bytes }, "Redis died; starting it again");
      await pause(after_ms, undefined, { signal });
    }
  }
}

/** How long a run served commands, ms, and how it came to its end, for which it waits. */
async function lifeOf(
  begun: Promise<RedisRun>,
): Promise<{ readonly served_ms: number; readonly reason: string }> {
  try {
    const run = await begun;
    return { served_ms: await servedUntilEnd(run), reason: await run.ended };
  } catch (error) {
    // It could not even be begun.
    return { served_ms: 0, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Milliseconds from ready to end; 0 when it was never ready. Resolves at the end. */
async function servedUntilEnd(run: RedisRun): Promise<number> {
  const began_ms = await run.ready.then(
    () => performance.now(),
    () => undefined,
  );
  await run.ended;
  return began_ms === undefined ? 0 : performance.now() - began_ms;
}
