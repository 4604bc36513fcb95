/** Export and import of one large page: seconds, and how much memory the API takes meanwhile. */
import { randomBytes, randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { Redis } from "ioredis";
import { Moderation } from "../../shared/client/client.ts";
import { listPages } from "../../shared/tallies/known-pages.ts";
import { tallyPage, VOTES_A_CALL_MAX } from "../../shared/tallies/tally-page.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { type Begun, beginService } from "./begin.ts";
import type { Row } from "./rows.ts";

const TOKEN = "a-token-for-benchmarks-only";
const PAGE = "one-page";

/** @param voters on the one big page */
export async function benchExport(voters: number): Promise<readonly Row[]> {
  const server = await startRedisProcess();
  const redis = new Redis(server.url);
  const env = { REDIS_URL: server.url, ADMIN_TOKEN: TOKEN };
  const [api, worker] = await Promise.all([beginService("api", 0, env), beginService("worker", 1, env)]);
  try {
    await fill(redis, voters);
    const moderation = new Moderation({ endpoint: api.said, token: TOKEN });
    const exporting = await measured(api, async () => {
      let bytes = 0;
      const chunks: Uint8Array[] = [];
      for await (const chunk of await moderation.exportSite()) {
        bytes += chunk.length;
        chunks.push(chunk);
      }
      return { bytes, chunks };
    });
    await redis.flushall();
    const { chunks, bytes } = exporting.result;
    const importing = await measured(api, () =>
      moderation.importSite(new Blob(chunks as BlobPart[]).stream()),
    );
    if (importing.result.votes !== voters)
      throw new Error(`${importing.result.votes} of ${voters} votes came back`);
    const note = `one page, ${(bytes / 1e6).toFixed(0)} MB of lines`;
    return [
      {
        what: `seconds to export ${voters} votes`,
        figure: exporting.took_s,
        // It was promised of a million.
        aim: voters < 1_000_000 ? undefined : { sense: "≤", figure: 20 },
        note,
      },
      {
        what: "MB of the API while it exports",
        figure: exporting.memory_mb,
        aim: { sense: "≤", figure: 200 },
        note: "its largest resident size",
      },
      {
        what: `seconds to import ${voters} votes`,
        figure: importing.took_s,
        note: "into an empty Redis, one worker",
      },
      {
        what: "MB of the API while it imports",
        figure: importing.memory_mb,
        note: "its largest resident size",
      },
    ];
  } finally {
    await Promise.all([api.end(), worker.end()]);
    redis.disconnect();
    await server.stop();
  }
}

async function fill(redis: Redis, voters: number): Promise<void> {
  const at = Date.now();
  for (let from = 0; from < voters; from += 4 * VOTES_A_CALL_MAX) {
    const calls = [0, 1, 2, 3].map((call) =>
      Math.min(VOTES_A_CALL_MAX, voters - from - call * VOTES_A_CALL_MAX),
    );
    await Promise.all(
      calls.map((count) => {
        const votes = Array.from({ length: Math.max(0, count) }, (_, n) => ({
          voter: randomBytes(8).toString("hex"),
          reaction: n % 4,
          at,
          source: randomInt(2 ** 24),
        }));
        return tallyPage(redis, "default", PAGE, votes);
      }),
    );
  }
  await listPages(redis, "default", [PAGE]);
}

/** Time that `work` took, and the largest resident size of a process until then. */
async function measured<Result>(
  { pid }: Begun,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly took_s: number; readonly memory_mb: number }> {
  const began_ms = performance.now();
  const result = await work();
  const took_s = (performance.now() - began_ms) / 1_000;
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return { result, took_s, memory_mb: Number(kilobytes) / 1_000 };
}
