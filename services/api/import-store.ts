/**
 * Stores what an import brings: votes and plans of pages as jobs of the worker, so many at a time that readers' votes need
 * not wait behind them; registered pages at once.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { AuditLine, PageLine } from "../../shared/contract/export.ts";
import type { RegisteredPage } from "../../shared/contract/registered-page.ts";
import { restoreAudit } from "../../shared/moderation/audit.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";
import { RESTORE_JOB, type RestoreJob } from "../../shared/votes/restore-job.ts";
import { QUEUE_NAME } from "../../shared/votes/shards.ts";
import { type AcceptedVote, toVoteJob } from "../../shared/votes/vote-job.ts";
import type { StoredJob, VoteQueue } from "../../shared/votes/vote-queue.ts";
import type { ToStore } from "./take-lines.ts";

/** As many as a commit of readers' votes may hold. */
const VOTES_A_JOB_MAX = 500;

/** Jobs that are under way at a time: enough to keep the workers busy, little enough to be overtaken soon. */
const JOBS_MAX = 8;

/** Fewer records than this find room by themselves, however they come. */
const RECORDS_WITHOUT_ROOM = 500;

const REGISTERED_MAX = 100;
const ENTRIES_MAX = 100;

/** Pause between two looks at a job, and how long none may take: by then no worker is there. */
const LOOK_MS = 2;
const LOOKS_MS_MAX = 8;
const JOB_MS_MAX = 60_000;

/** No worker took a job in time. */
export class NoWorkerError extends Error {
  override readonly name = "NoWorkerError";
}

interface UnderWay {
  readonly job: StoredJob;
  /** The last line that it holds. */
  readonly line: number;
}

export class ImportStore {
  readonly #site: Site;
  readonly #queue: VoteQueue;
  readonly #redis: RedisConnection;
  readonly #gone: AbortSignal;
  #votes: AcceptedVote[] = [];
  #registered: RegisteredPage[] = [];
  #entries: AuditLine["entry"][] = [];
  #underWay: UnderWay[] = [];
  #turn = 0;
  #line = 0;
  #stored = 0;

  /**
   * @param redis a connection that fails fast
   * @param gone fires when whoever imports has gone: then nobody waits for the rest
   */
  constructor(site: Site, queue: VoteQueue, redis: RedisConnection, gone: AbortSignal) {
    this.#site = site;
    this.#queue = queue;
    this.#redis = redis;
    this.#gone = gone;
  }

  /** The number of the last line up to which everything is in the totals. */
  get stored(): number {
    return this.#stored;
  }

  /**
   * Takes what line number `line` brings; resolves when there is room for more.
   * @throws what Redis said, JobFailedError or NoWorkerError
   */
  async add(line: number, what: ToStore): Promise<void> {
    if (what.kind === "page") await this.#plan(line, what);
    else if (what.kind === "audit") await this.#note(what);
    else {
      const { page, voter, index, at, source } = what;
      this.#votes.push({
        site: this.#site.id,
        page,
        voter,
        reaction: index,
        at,
        source: Number.parseInt(source, 16),
      });
      this.#line = line;
      if (this.#votes.length >= VOTES_A_JOB_MAX) await this.#sendVotes();
    }
  }

  /**
   * Resolves when everything that was added is in the totals.
   * @throws as `add`
   */
  async settle(line: number): Promise<void> {
    await this.#sendVotes();
    await this.#register();
    await this.#restoreAudit();
    while (this.#underWay.length > 0) await this.#awaitOldest();
    this.#stored = line;
  }

  async #plan(
    line: number,
    { page, records, base, title, url, published, frozen, hidden, closed }: PageLine,
  ): Promise<void> {
    if (title !== undefined && url !== undefined) {
      this.#registered.push(published === undefined ? { page, title, url } : { page, title, url, published });
      if (this.#registered.length >= REGISTERED_MAX) await this.#register();
    }
    this.#line = line;
    const large = records > RECORDS_WITHOUT_ROOM;
    if (!large && base === undefined && frozen === undefined && hidden === undefined && closed === undefined)
      return;
    const bases =
      base === undefined ? undefined : this.#site.reactions.map((reaction) => base[reaction] ?? 0);
    const job: RestoreJob = {
      version: 1,
      site: this.#site.id,
      page,
      records: large ? records : 0,
      base: bases,
      frozen: frozen?.map(([from, to]) => `${from}:${to ?? ""}`).join(" "),
      hidden,
      closed,
    };
    await this.#send(RESTORE_JOB, job);
    // The room must be there before the records come.
    if (large) while (this.#underWay.length > 0) await this.#awaitOldest();
  }

  async #note({ entry }: AuditLine): Promise<void> {
    this.#entries.push(entry);
    if (this.#entries.length >= ENTRIES_MAX) await this.#restoreAudit();
  }

  async #restoreAudit(): Promise<void> {
    await restoreAudit(this.#redis, this.#site.id, this.#entries.splice(0));
  }

  async #sendVotes(): Promise<void> {
    if (this.#votes.length === 0) return;
    await this.#send(QUEUE_NAME, toVoteJob(this.#votes.splice(0)));
  }

  async #send(name: string, data: object): Promise<void> {
    while (this.#underWay.length >= JOBS_MAX) await this.#awaitOldest();
    this.#underWay.push({ job: await this.#queue.addJob(this.#turn++, name, data), line: this.#line });
  }

  async #awaitOldest(): Promise<void> {
    const oldest = this.#underWay.shift();
    if (oldest === undefined) return;
    const until_ms = performance.now() + JOB_MS_MAX;
    for (
      let look_ms = LOOK_MS;
      !(await this.#queue.isDone(oldest.job));
      look_ms = Math.min(look_ms * 2, LOOKS_MS_MAX)
    ) {
      if (performance.now() > until_ms) throw new NoWorkerError();
      await pause(look_ms, undefined, { signal: this.#gone });
    }
    this.#stored = oldest.line;
  }

  async #register(): Promise<void> {
    await registerPages(this.#redis, this.#site.id, this.#registered.splice(0));
  }
}
