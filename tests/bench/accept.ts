/**
 * Votes accepted over HTTP: our way against the least that HTTP costs and against two naive ways. The server stands alone on
 * one core; Redis, workers and the load share the other. The ways alternate, so that a slow minute hits all of them.
 */
import { Redis } from "ioredis";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { type Begun, beginScript, beginService, pin } from "./begin.ts";
import {
  CONNECTIONS,
  type LoadResult,
  type VoteFile,
  vote,
  warmFor_s,
  writeFirstVotes,
  writeVotes,
} from "./load.ts";
import { median, type Row, spread } from "./rows.ts";

/** The core of the server, and that of everything else. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** Where BullMQ keeps jobs that are not done. */
const listsOf = (queue: string): readonly string[] => [`${queue}:wait`, `${queue}:active`];

interface Way {
  readonly name: string;
  begin(redisUrl: string): Promise<readonly Begun[]>;
  /** What it is sent while it is measured, if each vote is to be the first of a new voter. */
  readonly first?: true;
  /** Resolves when everything that was accepted is in the totals. */
  tallied(redis: Redis): Promise<void>;
}

const ours: Way = {
  name: "ours",
  begin: async (redisUrl) => [
    await beginService("api", SERVER_CORE, { REDIS_URL: redisUrl }),
    await beginService("worker", OTHER_CORE, { REDIS_URL: redisUrl }),
  ],
  tallied: untilTallied,
};

const WAYS: readonly Way[] = [
  ours,
  {
    name: "bare",
    begin: async () => [await beginScript("baselines/bare-http.ts", SERVER_CORE)],
    tallied: async () => {},
  },
  {
    name: "jobEach",
    begin: async (redisUrl) => [
      await beginScript("baselines/job-each.ts", SERVER_CORE, { REDIS_URL: redisUrl }),
      await beginScript("baselines/job-each-worker.ts", OTHER_CORE, { REDIS_URL: redisUrl }),
    ],
    tallied: (redis) => untilEmpty(redis, listsOf("bull:each")),
  },
  {
    name: "countEach",
    begin: async (redisUrl) => [
      await beginScript("baselines/count-each.ts", SERVER_CORE, { REDIS_URL: redisUrl }),
    ],
    tallied: async () => {},
  },
  { ...ours, name: "oursFirst", first: true },
];

/** @param seconds of load for each way and round */
export async function benchAccept(rounds: number, seconds: number): Promise<readonly Row[]> {
  const redis = await startRedisProcess();
  const client = new Redis(redis.url);
  const again = writeVotes("accept");
  const first = writeFirstVotes("accept", seconds);
  try {
    const [, pid] = /^process_id:(\d+)/m.exec(await client.info("server")) ?? [];
    pin(Number(pid), OTHER_CORE);
    const rates: Record<string, number[]> = Object.fromEntries(WAYS.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const way of WAYS) {
        await client.flushall();
        const begun = await way.begin(redis.url);
        try {
          const address = begun[0]?.said ?? "";
          const warm = await vote(address, again, warmFor_s(seconds), OTHER_CORE);
          await way.tallied(client);
          const result = await vote(address, way.first ? first : again, seconds, OTHER_CORE);
          const ended_ms = performance.now();
          // Until tallied: what is only queued has not been counted yet.
          await way.tallied(client);
          const took_s = result.seconds + (performance.now() - ended_ms) / 1_000;
          expectAllAccepted(way.name, result);
          if (way.first) expectAllFirst(result, first);
          if (way.tallied === untilTallied)
            await expectTotals(
              address,
              again.pages,
              way.first
                ? [votersOf(again, warm.answered), votersOf(first, result.answered)]
                : [votersOf(again, Math.max(warm.answered, result.answered))],
            );
          rates[way.name]?.push(result.answered / took_s);
        } finally {
          // Without its end a process of a failed round would go on for ever.
          for (const process of begun.toReversed()) await process.end();
        }
      }
    }
    return rowsOf(rates);
  } finally {
    again.remove();
    first.remove();
    client.disconnect();
    await redis.stop();
  }
}

function rowsOf(rates: Readonly<Record<string, readonly number[]>>): readonly Row[] {
  const ratios = (other: string, way = "ours"): readonly number[] =>
    (rates[way] ?? []).map((rate, round) => rate / (rates[other]?.[round] ?? Number.NaN));
  const against = (other: string, way = "ours"): string =>
    `${Math.round(median(rates[way] ?? []))} against ${Math.round(median(rates[other] ?? []))} a second; ratios ${spread(ratios(other, way))}`;
  return [
    {
      what: "votes accepted and tallied / bare node:http",
      figure: median(ratios("bare")),
      aim: { sense: "≥", figure: 0.5 },
      note: `2,000 voters press again and again, each time another reaction; LIMITS=off; ${against("bare")}`,
    },
    {
      what: "… / one BullMQ job a vote",
      figure: median(ratios("jobEach")),
      aim: { sense: "≥", figure: 5 },
      note: `the same load; ${against("jobEach")}`,
    },
    {
      what: "… / Express + HINCRBY + emit a vote",
      figure: median(ratios("countEach")),
      note: `the same load, but it counts every press as one more vote; ${against("countEach")}`,
    },
    {
      what: "the same, each vote the first of a new voter / bare node:http",
      figure: median(ratios("bare", "oursFirst")),
      note: `tokens that the API has not seen before; LIMITS=off; ${against("bare", "oursFirst")}`,
    },
  ];
}

function expectAllAccepted(name: string, { answered, refused, errors }: LoadResult): void {
  if (answered === 0 || refused > 0 || errors > 0) {
    throw new Error(`${name}: ${answered} answered, ${refused} refused, ${errors} errors`);
  }
}

/** wrk goes round: past the last line it would have sent votes that are no voter's first. */
function expectAllFirst({ answered }: LoadResult, { distinct }: VoteFile): void {
  if (answered > distinct) throw new Error(`${answered} votes, but only ${distinct} voters were made`);
}

/** At least and at most so many voters of a file have voted: wrk does not wait for the last answers. */
type Voted = readonly [least: number, most: number];

function votersOf({ distinct }: VoteFile, answered: number): Voted {
  return [Math.min(distinct, answered), Math.min(distinct, answered + CONNECTIONS)];
}

/** Most voters voted often: each must count once. */
async function expectTotals(api: string, pages: readonly string[], voted: readonly Voted[]): Promise<void> {
  const query = new URLSearchParams(pages.map((page) => ["page", page]));
  const response = await fetch(`${api}/v1/sites/default/counts?${query}`);
  const body: { pages: { total: number }[] } = await response.json();
  const total = body.pages.reduce((sum, page) => sum + page.total, 0);
  const least = voted.reduce((sum, [least]) => sum + least, 0);
  const most = voted.reduce((sum, [, most]) => sum + most, 0);
  if (total < least || total > most)
    throw new Error(`${least} to ${most} voters voted, the totals say ${total}`);
}

/** Resolves when every vote that this service accepted is in the totals. */
export function untilTallied(redis: Redis): Promise<void> {
  return untilEmpty(redis, listsOf(`${shardPrefix(0)}:${QUEUE_NAME}`));
}

async function untilEmpty(redis: Redis, lists: readonly string[]): Promise<void> {
  for (;;) {
    const lengths = await Promise.all(lists.map((list) => redis.llen(list)));
    if (lengths.every((length) => length === 0)) return;
  }
}
