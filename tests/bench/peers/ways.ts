/** What is compared: our service, what people would write or install instead, and how each is pressed, read and settled. */
import { Redis } from "ioredis";
import { QUEUE_NAME, shardPrefix } from "../../../shared/votes/shards.ts";
import { startRedisProcess } from "../../support/redis-process.ts";
import { beginScript, beginService, pin } from "../begin.ts";
import { redisPid } from "../scale/measure.ts";
import { usedMemory } from "../tally.ts";
import { bareVote, ourVote, type Press } from "./press.ts";
import type { Turn } from "./rounds.ts";

export const SERVER_CORE = 0;
export const OTHER_CORE = 1;

/** One way that runs. */
export interface Running {
  /** Where presses and reads go. */
  readonly address: string;
  /** Where viewers connect; undefined when it tells them nothing. */
  readonly viewersAt: string | undefined;
  /** From the server's start to its first good answer; undefined where it is not asked. */
  readonly ready_ms?: number | undefined;
  /** Where it counts, if that is a Redis. */
  readonly redisUrl?: string;
  /** What its database holds. */
  readonly stored_bytes?: () => Promise<number>;
  /** All of its processes, databases too. */
  readonly pids: readonly number[];
  /** The process that sends to viewers. */
  readonly sender: number | undefined;
  /** Path that reads the counts of a page. */
  readonly readPath: (page: string) => string;
  /** A press on a page by a reader of its own. */
  readonly press: (page: string) => Press;
  /** What the counts of a page add up to. */
  readonly total: (page: string) => Promise<number>;
  /** Resolves when all that was acknowledged is counted. */
  readonly settled: () => Promise<void>;
  readonly end: () => Promise<void>;
}

export type Way = Turn<Running>;

interface Parts {
  readonly address: string;
  readonly viewersAt?: string;
  readonly sender?: number;
  readonly pids: readonly number[];
  readonly press?: (page: string) => Press;
  /** Queue whose jobs are votes. */
  readonly queue?: string;
  readonly end: readonly (() => Promise<void>)[];
}

const readPath = (page: string): string => `/v1/sites/default/counts?page=${encodeURIComponent(page)}`;

/** What readers of counts send to every way: Parse wants to know which app is meant. */
export const READER_HEADERS = { "x-parse-application-id": "bench" };

/** What a way answers to someone who reads. */
export async function readCounts<Answer>(address: string): Promise<Answer> {
  return await (await fetch(address, { headers: READER_HEADERS })).json();
}

async function totalOf(address: string, page: string): Promise<number> {
  const { pages } = await readCounts<{ pages: { counts: Record<string, number> }[] }>(
    address + readPath(page),
  );
  return Object.values(pages[0]?.counts ?? {}).reduce((all, count) => all + count, 0);
}

/** A way that counts in a Redis like ours: `appendfsync always`, on the core of everything but the server. */
function onRedis(name: string, begin: (url: string) => Promise<Parts>): Way {
  return {
    name,
    begin: async () => {
      const redis = await startRedisProcess();
      const client = new Redis(redis.url);
      const pid = await redisPid(client);
      pin(pid, OTHER_CORE);
      const { address, viewersAt, sender, pids, queue, press = bareVote, end } = await begin(redis.url);
      const settled = async (): Promise<void> => {
        if (queue === undefined) return;
        const lists = [`${queue}:wait`, `${queue}:active`];
        while ((await Promise.all(lists.map((list) => client.llen(list)))).some((length) => length > 0));
      };
      return {
        address,
        viewersAt,
        sender,
        redisUrl: redis.url,
        pids: [...pids, pid],
        readPath,
        press,
        total: (page) => totalOf(address, page),
        settled,
        stored_bytes: async () => {
          // The last ten thousand events of a queue, not one for each vote.
          const events = queue === undefined ? 0 : await client.memory("USAGE", `${queue}:events`);
          return (await usedMemory(client)) - Number(events);
        },
        end: async () => {
          for (const endOne of end) await endOne();
          client.disconnect();
          await redis.stop();
        },
      };
    },
  };
}

/** This service, its processes begun with options of Node; the first of the pids is the API, the second the worker. */
export const oursWith = (nodeOptions: readonly string[]): Way =>
  onRedis("this service", async (url) => {
    const env = { REDIS_URL: url };
    const api = await beginService("api", SERVER_CORE, env, nodeOptions);
    const worker = await beginService("worker", OTHER_CORE, env, nodeOptions);
    const realtime = await beginService("realtime", OTHER_CORE, env, nodeOptions);
    return {
      address: api.said,
      viewersAt: realtime.said,
      sender: realtime.pid,
      pids: [api.pid, worker.pid, realtime.pid],
      press: ourVote,
      queue: `${shardPrefix(0)}:${QUEUE_NAME}`,
      end: [api.end, realtime.end, worker.end],
    };
  });

export const ours = oursWith([]);

export const afternoon = onRedis("afternoon version", async (url) => {
  const server = await beginScript("baselines/count-each.ts", SERVER_CORE, { REDIS_URL: url });
  return {
    address: server.said,
    viewersAt: server.said,
    sender: server.pid,
    pids: [server.pid],
    end: [server.end],
  };
});

/** @param adapter folder of @socket.io/redis-adapter; without it viewers are told nothing */
export const jobEach = (adapter: string | undefined): Way =>
  onRedis("one job a vote", async (url) => {
    const env = { REDIS_URL: url, ...(adapter === undefined ? {} : { ADAPTER: adapter }) };
    const server = await beginScript("baselines/job-each.ts", SERVER_CORE, env);
    const worker = await beginScript("baselines/job-each-worker.ts", OTHER_CORE, env);
    return {
      address: server.said,
      ...(adapter === undefined ? {} : { viewersAt: server.said, sender: server.pid }),
      pids: [server.pid, worker.pid],
      press: ourVote,
      queue: "bull:each",
      end: [server.end, worker.end],
    };
  });

export const bare: Way = {
  name: "bare node:http",
  begin: async () => {
    const server = await beginScript("baselines/bare-http.ts", SERVER_CORE);
    return {
      address: server.said,
      viewersAt: undefined,
      sender: undefined,
      pids: [server.pid],
      readPath,
      press: ourVote,
      total: async () => 0,
      settled: async () => {},
      end: server.end,
    };
  },
};
