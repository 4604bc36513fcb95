/** What open dashboards cost the readers, and what the hot list of a large site costs whoever asks for it. */
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { io, type Socket } from "socket.io-client";
import { addHeat } from "../../shared/tallies/add-heat.ts";
import { registerPages } from "../../shared/tallies/register-pages.ts";
import { Voters } from "../../shared/votes/voters.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { beginService } from "./begin.ts";
import { keepVoting, post } from "./cast.ts";
import { format, median, quantile, type Row, spread } from "./rows.ts";

const ADMIN_TOKEN = "an-admin-token-for-benchmarks";
const VOTES_A_SECOND = 500;
const PAGES_VOTED_ON = 50;
const HOT_READS = 200;
const PAGES_A_CALL = 100;

/**
 * @param rounds with and without dashboards, in turn
 * @param seconds of votes in each
 * @param dashboards open at once
 * @param pages registered on the site
 */
export async function benchDashboards(
  rounds: number,
  seconds: number,
  dashboards: number,
  pages: number,
): Promise<readonly Row[]> {
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  const env = { REDIS_URL: server.url, ADMIN_TOKEN };
  const worker = await beginService("worker", undefined, env);
  const realtime = await beginService("realtime", undefined, env);
  const api = await beginService("api", undefined, env);
  try {
    const without: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < rounds; round++) {
      without.push(await voteP99_ms(api.said, seconds));
      const sockets = await open(realtime.said, dashboards);
      beside.push(await voteP99_ms(api.said, seconds));
      for (const socket of sockets) socket.disconnect();
    }
    const ratios = beside.map((p99_ms, round) => p99_ms / (without[round] ?? Number.NaN));
    await register(redis, pages);
    const hot_ms = await hotReads_ms(api.said);
    return [
      {
        what: `p99 of a vote's 202 with ${dashboards} dashboards open / with none`,
        figure: median(ratios),
        aim: { sense: "<", figure: 1.1 },
        note: `${VOTES_A_SECOND} votes/s; ${format(median(beside))} against ${format(median(without))} ms; ratios ${spread(ratios)}`,
      },
      {
        what: `hot list of a site with ${pages} registered pages, ms p50`,
        figure: median(hot_ms),
        aim: { sense: "≤", figure: 5 },
        note: `${HOT_READS} reads over HTTP; p99 ${format(quantile(hot_ms, 0.99))} ms`,
      },
    ];
  } finally {
    for (const service of [api, realtime, worker]) await service.end();
    redis.disconnect();
    await server.stop();
  }
}

async function voteP99_ms(api: string, seconds: number): Promise<number> {
  const voters = new Voters([{ id: "1", secret: "a secret for benchmarks only" }]);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const took_ms: number[] = [];
  let sent = 0;
  const load = keepVoting(VOTES_A_SECOND, async () => {
    const page = `https://news.example/live/${sent++ % PAGES_VOTED_ON}`;
    const began_ms = performance.now();
    await post(api, agent, { page, reaction: "great", voter: voters.issue("default").token });
    took_ms.push(performance.now() - began_ms);
  });
  await pause(seconds * 1_000);
  await load.end();
  agent.destroy();
  return quantile(took_ms, 0.99);
}

/** Resolves once each of them has had a pulse. */
async function open(realtime: string, count: number): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () =>
    io(`${realtime}/live`, {
      transports: ["websocket"],
      auth: { site: "default", token: ADMIN_TOKEN },
      forceNew: true,
    }),
  );
  await Promise.all(
    sockets.map((socket) => new Promise<void>((resolve) => socket.once("pulse", () => resolve()))),
  );
  return sockets;
}

/** Registers pages and warms each of them. */
async function register(redis: Redis, pages: number): Promise<void> {
  for (let from = 0; from < pages; from += PAGES_A_CALL) {
    const names = Array.from({ length: PAGES_A_CALL }, (_, n) => `https://news.example/${from + n}`);
    await registerPages(
      redis,
      "default",
      names.map((page) => ({ page, title: `About ${page}`, url: page })),
    );
    const moved = [1, 0, 0, 0, 0, 0, 0, 0];
    await addHeat(
      redis,
      "default",
      names.map((page) => ({ page, at: Date.now(), moved })),
    );
  }
}

async function hotReads_ms(api: string): Promise<readonly number[]> {
  const took_ms: number[] = [];
  for (let read = 0; read < HOT_READS; read++) {
    const began_ms = performance.now();
    const response = await fetch(`${api}/v1/sites/default/hot?window=day&limit=20`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the hot list was answered ${response.status}`);
    took_ms.push(performance.now() - began_ms);
  }
  return took_ms;
}
