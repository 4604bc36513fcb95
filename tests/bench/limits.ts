/**
 * What limits cost: votes accepted and tallied with `LIMITS=on` against `off`, from as many addresses as voters, so that nothing
 * is refused. The two alternate, and take turns in being first.
 */
import { Redis } from "ioredis";
import { startRedisProcess } from "../support/redis-process.ts";
import { expectAllAccepted, OTHER_CORE, SERVER_CORE, untilTallied } from "./accept.ts";
import { beginService, pin } from "./begin.ts";
import { vote, writeVotes } from "./load.ts";
import { median, type Row, spread } from "./rows.ts";

const SWITCH = ["on", "off"] as const;

/** @param seconds of load for each way and round; a voter's 150 votes at once last for about as long */
export async function benchLimits(rounds: number, seconds: number): Promise<readonly Row[]> {
  const redis = await startRedisProcess();
  const client = new Redis(redis.url);
  const votes = writeVotes("limits");
  const rates = { on: [] as number[], off: [] as number[] };
  try {
    const [, pid] = /^process_id:(\d+)/m.exec(await client.info("server")) ?? [];
    pin(Number(pid), OTHER_CORE);
    for (let round = 0; round < rounds; round++) {
      for (const limits of round % 2 === 0 ? SWITCH : SWITCH.toReversed()) {
        await client.flushall();
        const env = { REDIS_URL: redis.url, LIMITS: limits, TRUST_PROXY: "127.0.0.1" };
        const api = await beginService("api", SERVER_CORE, env);
        const worker = await beginService("worker", OTHER_CORE, env);
        const began_ms = performance.now();
        const result = await vote(api.said, votes, seconds, OTHER_CORE, "everywhere");
        await untilTallied(client);
        expectAllAccepted(`LIMITS=${limits}`, result);
        rates[limits].push(result.answered / ((performance.now() - began_ms) / 1_000));
        await worker.end();
        await api.end();
      }
    }
  } finally {
    votes.remove();
    client.disconnect();
    await redis.stop();
  }
  const ratios = rates.on.map((rate, round) => rate / (rates.off[round] ?? Number.NaN));
  return [
    {
      what: "votes accepted and tallied, LIMITS=on / off",
      figure: median(ratios),
      aim: "≥ 0.9",
      note: `${Math.round(median(rates.on))} against ${Math.round(median(rates.off))} a second; ratios ${spread(ratios)}`,
    },
  ];
}
