/**
 * What limits cost: votes accepted and tallied with `LIMITS=on` against `off`, from as many addresses as voters, so that nothing
 * is refused. The two alternate, and take turns in being first. The processor time of a vote says the same on a machine that
 * has other things to do.
 */
import { Redis } from "ioredis";
import { startRedisProcess } from "../support/redis-process.ts";
import { OTHER_CORE, SERVER_CORE, untilTallied } from "./accept.ts";
import { beginService, pin } from "./begin.ts";
import { vote, warmFor_s, writeVotes } from "./load.ts";
import { type Aim, median, type Row, spread } from "./rows.ts";
import { processCpu_us } from "./scale/measure.ts";

const SWITCH = ["on", "off"] as const;

/** So many that none of them votes as often as a voter may. */
const VOTERS = 10_000;

/** @param seconds of load for each way and round */
export async function benchLimits(rounds: number, seconds: number): Promise<readonly Row[]> {
  const redis = await startRedisProcess();
  const client = new Redis(redis.url);
  const votes = writeVotes("limits", VOTERS);
  const rates = { on: [] as number[], off: [] as number[] };
  const costs_us = { on: [] as number[], off: [] as number[] };
  try {
    const [, pid] = /^process_id:(\d+)/m.exec(await client.info("server")) ?? [];
    pin(Number(pid), OTHER_CORE);
    for (let round = 0; round < rounds; round++) {
      for (const limits of round % 2 === 0 ? SWITCH : SWITCH.toReversed()) {
        await client.flushall();
        const env = { REDIS_URL: redis.url, LIMITS: limits, TRUST_PROXY: "127.0.0.1" };
        const begun = [await beginService("api", SERVER_CORE, env)];
        try {
          begun.push(await beginService("worker", OTHER_CORE, env));
          const [api] = begun;
          await vote(api?.said ?? "", votes, warmFor_s(seconds), OTHER_CORE, "everywhere");
          await untilTallied(client);
          const before_us = processCpu_us(api?.pid ?? 0);
          const began_ms = performance.now();
          const { answered, refused } = await vote(api?.said ?? "", votes, seconds, OTHER_CORE, "everywhere");
          await untilTallied(client);
          if (answered === 0 || refused > 0)
            throw new Error(`LIMITS=${limits}: ${refused} of ${answered} refused`);
          rates[limits].push(answered / ((performance.now() - began_ms) / 1_000));
          costs_us[limits].push((processCpu_us(api?.pid ?? 0) - before_us) / answered);
        } finally {
          // Without its end a process of a failed round would go on for ever.
          for (const process of begun.toReversed()) await process.end();
        }
      }
    }
  } finally {
    votes.remove();
    client.disconnect();
    await redis.stop();
  }
  const row = (what: string, on: readonly number[], off: readonly number[], unit: string, aim: Aim): Row => {
    const ratios = on.map((figure, round) => figure / (off[round] ?? Number.NaN));
    return {
      what: `${what}, LIMITS=on / off`,
      figure: median(ratios),
      aim,
      note: `${median(on).toFixed(1)} against ${median(off).toFixed(1)} ${unit}; ratios ${spread(ratios)}`,
    };
  };
  return [
    row("votes accepted and tallied", rates.on, rates.off, "a second", { sense: "≥", figure: 0.9 }),
    row("the API's processor time for a vote", costs_us.on, costs_us.off, "µs", { sense: "≤", figure: 1.1 }),
  ];
}
