/** All that it takes to accept a vote, opened once in a process and used by both roads, HTTP and socket. */
import { Bans } from "../moderation/bans.ts";
import { type FollowedSites, followSites } from "../moderation/follow-sites.ts";
import { keepReactions } from "../moderation/kept-reactions.ts";
import { type Config, ConfigError } from "../runtime/config.ts";
import type { Lifecycle } from "../runtime/lifecycle.ts";
import type { Log } from "../runtime/log.ts";
import { gauge, type Metrics } from "../runtime/metrics.ts";
import type { ReadyCheck } from "../runtime/operations.ts";
import { RedisClock, readRedisClock } from "../runtime/redis-clock.ts";
import { faultOfRedis, openRedis, whenConnected } from "../runtime/redis-connections.ts";
import { redisTime } from "../runtime/redis-time.ts";
import { repeat } from "../runtime/repeat.ts";
import { OPEN_SITE } from "../runtime/site-settings.ts";
import { mayBeOpen, openByAccident, type Sites } from "../runtime/sites.ts";
import { PageStates } from "../tallies/page-states.ts";
import { Accounts } from "./accounts.ts";
import { NewPages } from "./new-pages.ts";
import { Puzzles } from "./puzzles.ts";
import { queueCheck } from "./queue-check.ts";
import { Sources } from "./source.ts";
import { Stamper } from "./stamper.ts";
import { VoteLimits } from "./vote-limits.ts";
import { VoteQueue } from "./vote-queue.ts";
import { VoterLimits } from "./voter-limits.ts";
import { Voters } from "./voters.ts";
import { VotesInHand } from "./votes-in-hand.ts";

export interface VoteDesk {
  /** Follows `siteBook`. */
  readonly sites: Sites;
  /** Where the sites come from, and when they change. */
  readonly siteBook: FollowedSites;
  readonly voters: Voters;
  /** Voters who signed in with their publisher. */
  readonly accounts: Accounts;
  readonly stamper: Stamper;
  readonly sources: Sources;
  readonly queue: VoteQueue;
  /** The votes that are not answered yet. */
  readonly inHand: VotesInHand;
  readonly metrics: Metrics;
  /** Voters whose votes are taken and not counted. */
  readonly bans: Bans;
  /** Which pages take votes. */
  readonly pageStates: PageStates;
  /** Pages opened by network; undefined when limits are off. */
  readonly newPages: NewPages | undefined;
  /** How fast votes may come; undefined when every limit is off: then nothing is held either. */
  readonly voteLimits: VoteLimits | undefined;
  /** How many new voters a network may make; undefined when limits are off. */
  readonly newVoters: VoterLimits | undefined;
  /** What new voters may have to solve; undefined when limits are off. */
  readonly puzzles: Puzzles | undefined;
  /** Whether votes can be taken: Redis has answered once, and lately told who is banned. */
  ready(): boolean;
  /** Whether no site is served until one is named: Redis was away at the start, or the process would have refused to. */
  unnamed(): boolean;
  /** Redis time, ms; once `ready`. Not before the stamp of any vote that this process took earlier. */
  now_ms(): number;
}

/** Clock drift between two readings stays far below a millisecond; a reading costs one command, and so does the list of bans. */
const REFRESH_PAUSE_MS = 500;

/** An address or a token that comes no more is forgotten within two of these. */
const FORGET_PAUSE_MS = 300_000;

/**
 * Opens the desk; it closes with the lifecycle, after everything that was opened later. Resolves when Redis has answered,
 * or after a while without: then votes are refused until it does.
 * @param inHand how many votes may be under way
 * @throws ConfigError without a secret, when the sites cannot be read, or when there are none and others can reach the service
 */
export async function openVoteDesk(
  config: Config,
  metrics: Metrics,
  lifecycle: Lifecycle,
  log: Log,
  inHand = new VotesInHand(),
): Promise<VoteDesk> {
  if (config.secrets === undefined || config.nameSecret === undefined) {
    throw new ConfigError(["SECRET: expected a secret that signs voters' tokens, got nothing"]);
  }
  const redis = openRedis("producer", config, lifecycle, log, metrics);
  const siteBook = followSites(config, redis, lifecycle, log, mayBeOpen(config));
  const { sites } = siteBook;
  const clock = new RedisClock();
  const sources = new Sources(redis, config.nameSecret);
  const bans = new Bans(redis, sites);
  const observe = (votes: number, took_s: number, stored: boolean): void => {
    metrics.commitVotes.observe(votes);
    metrics.commitSeconds.observe({ stored: String(stored) }, took_s);
  };
  const queue = new VoteQueue(redis, {
    shards: config.queueShards,
    replicas_min: config.voteMinReplicas,
    observe,
    onError: (error) => log.debug({ reason: error.message }, "queue"),
  });
  lifecycle.onStop("vote queue", () => queue.close());
  gauge(metrics, "reactions_votes_waiting", "Votes that wait for a commit.", () => queue.waiting);
  gauge(metrics, "reactions_jobs_waiting", "Commits in Redis that are not tallied yet.", () => queue.jobs());
  gauge(
    metrics,
    "reactions_backlog_seconds",
    "How long the oldest commit in Redis has waited for a worker.",
    async () => (await queue.backlogAge_ms()) / 1_000,
  );
  gauge(metrics, "reactions_redis_seconds", "A round trip to Redis, the slowest master's.", async () => {
    const began_ms = performance.now();
    const fault = await faultOfRedis(redis);
    return fault === undefined ? (performance.now() - began_ms) / 1_000 : Number.NaN;
  });
  const refresh = async (): Promise<void> => {
    await readRedisClock(clock, { time: () => redisTime(redis) });
    await sources.refresh(clock.now());
  };
  const unread = (error: unknown): void => log.debug({ reason: String(error) }, "clock not read");
  await whenConnected(redis);
  await siteBook.refresh().catch(unread);
  // It may have been found by an earlier look.
  if (siteBook.faults().length > 0) throw new ConfigError(siteBook.faults());
  // While Redis is away nobody knows: then no site is served until it tells of one.
  if (siteBook.neverNamed() && !mayBeOpen(config)) throw new ConfigError([openByAccident(config.host)]);
  // A site that is named `default` later takes over its votes.
  if (siteBook.neverNamed()) await keepReactions(redis, [OPEN_SITE]).catch(unread);
  await Promise.all([refresh().catch(unread), bans.refresh().catch(unread)]);
  repeat("clock", REFRESH_PAUSE_MS, refresh, lifecycle, unread);
  // By itself: behind the readings of the clock, on a slow way to Redis, the list would be too old to take votes with.
  repeat("bans", REFRESH_PAUSE_MS, () => bans.refresh(), lifecycle, unread);
  const voters = new Voters(config.secrets, config.nameSecret);
  const accounts = new Accounts(config, log);
  const newPages = config.limits ? new NewPages() : undefined;
  const forget = async (): Promise<void> => {
    for (const known of [sources, voters, accounts, newPages]) known?.age();
  };
  repeat("addresses and tokens seen lately", FORGET_PAUSE_MS, forget, lifecycle, unread);
  return {
    sites,
    siteBook,
    voters,
    accounts,
    stamper: new Stamper(clock),
    sources,
    queue,
    inHand,
    metrics,
    bans,
    pageStates: new PageStates(redis),
    newPages,
    voteLimits: config.limits ? new VoteLimits() : undefined,
    newVoters: config.limits ? new VoterLimits(redis) : undefined,
    puzzles: config.limits ? new Puzzles(config.secrets, redis, metrics, () => clock.now()) : undefined,
    ready: () => sites.complete && clock.ready && sources.ready && bans.fresh(),
    unnamed: () => siteBook.neverNamed() && !mayBeOpen(config),
    now_ms: () => clock.now(),
  };
}

/** What `/readyz` of a process that takes votes should ask. */
export function deskChecks(desk: VoteDesk): Readonly<Record<string, ReadyCheck>> {
  return {
    clock: async () => (desk.ready() ? undefined : "Redis's clock has not been read yet"),
    queue: queueCheck(desk.queue),
    sites: async () =>
      desk.unnamed() ? "no site is served: nobody named one, and it is not open" : desk.siteBook.faults()[0],
  };
}
