/**
 * Votes accepted over HTTP: our way against the least that HTTP costs and against two naive ways. The server stands alone on
 * one core; Redis, workers and the load share the other. The ways alternate, so that a slow minute hits all of them.
 */
import { Redis } from "ioredis";
import { QUEUE_NAME, shardPrefix } from "../../shared/votes/shards.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { type Begun, beginScript, beginService, pin } from "./begin.ts";
import { type LoadResult, vote, warmFor_s, writeVotes } from "./load.ts";
import { median, type Row, spread } from "./rows.ts";

/** The core of the server, and that of everything else. */
export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** Where BullMQ keeps jobs that are not done. */
const listsOf = (queue: string): readonly string[] => [`${queue}:wait`, `${queue}:active`];

interface Way {
  readonly name: string;
  begin(redisUrl: string): Promise<readonly Begun[]>;
  /** Resolves when everything that was accepted is in the totals. */
  tallied(redis: Redis): Promise<void>;
}

const WAYS: readonly Way[] = [
  {
    name: "ours",
    begin: async (redisUrl) => [
      await beginService("api", SERVER_CORE, { REDIS_URL: redisUrl }),
      await beginService("worker", OTHER_CORE, { REDIS_URL: redisUrl }),
    ],
    tallied: untilTallied,
  },
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
];

/** @param seconds of load for each way and round */
export async function benchAccept(rounds: number, seconds: number): Promise<readonly Row[]> {
  const redis = await startRedisProcess();
  const client = new Redis(redis.url);
  const votes = writeVotes("accept");
  try {
    const [, pid] = /^process_id:(\d+)/m.exec(await client.info("server")) ?? [];
    pin(Number(pid), OTHER_CORE);
    const rates: Record<string, number[]> = Object.fromEntries(WAYS.map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const way of WAYS) {
        await client.flushall();
        const begun = await way.begin(redis.url);
        const address = begun[0]?.said ?? "";
        await vote(address, votes, warmFor_s(seconds), OTHER_CORE);
        await way.tallied(client);
        const began_ms = performance.now();
        const result = await vote(address, votes, seconds, OTHER_CORE);
        // Until tallied: what is only queued has not been counted yet.
        await way.tallied(client);
        const took_s = way.name === "bare" ? result.seconds : (performance.now() - began_ms) / 1_000;
        expectAllAccepted(way.name, result);
        if (way.name === "ours") await expectTotals(address, votes.pages, votes.distinct);
        rates[way.name]?.push(result.answered / took_s);
        for (const process of begun.toReversed()) await process.end();
      }
    }
    return rowsOf(rates);
  } finally {
    votes.remove();
    client.disconnect();
    await redis.stop();
  }
}

function rowsOf(rates: Readonly<Record<string, readonly number[]>>): readonly Row[] {
  const ours = rates.ours ?? [];
  const ratios = (other: string): readonly number[] =>
    ours.map((rate, round) => rate / (rates[other]?.[round] ?? Number.NaN));
  const against = (other: string): string =>
    `${Math.round(median(ours))} against ${Math.round(median(rates[other] ?? []))} a second; ratios ${spread(ratios(other))}`;
  return [
    {
      what: "votes accepted and tallied / bare node:http",
      figure: median(ratios("bare")),
      aim: "≥ 0.5",
      note: against("bare"),
    },
    {
      what: "… / one BullMQ job a vote",
      figure: median(ratios("jobEach")),
      aim: "≥ 5",
      note: against("jobEach"),
    },
    {
      what: "… / Express + HINCRBY + emit a vote",
      figure: median(ratios("countEach")),
      aim: "",
      note: against("countEach"),
    },
  ];
}

function expectAllAccepted(name: string, { answered, refused, errors }: LoadResult): void {
  if (answered === 0 || refused > 0 || errors > 0) {
    throw new Error(`${name}: ${answered} answered, ${refused} refused, ${errors} errors`);
  }
}

/** Every voter voted at least once, most of them often: each must count once. */
async function expectTotals(api: string, pages: readonly string[], distinct: number): Promise<void> {
  const query = new URLSearchParams(pages.map((page) => ["page", page]));
  const response = await fetch(`${api}/v1/sites/default/counts?${query}`);
  const body: { pages: { total: number }[] } = await response.json();
  const total = body.pages.reduce((sum, page) => sum + page.total, 0);
  if (total !== distinct) throw new Error(`${distinct} voters voted, the totals say ${total}`);
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
