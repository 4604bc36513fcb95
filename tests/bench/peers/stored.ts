/** What each way keeps of pages and votes, as its database says. */
import { Agent } from "node:http";
import { isAcknowledged } from "./press.ts";
import { inTurns, tableOf } from "./rounds.ts";
import type { Running, Way } from "./ways.ts";

const WARM = "https://news.example/stored";
/** Presses on their way at a time. */
const TOGETHER = 16;

/** A row a way: bytes of a page with its first vote, and of each further vote on one page. */
export async function storedBy(ways: readonly Way[], pages: number, votes: number): Promise<string[][]> {
  const names = Array.from({ length: pages }, (_, n) => `${WARM}/${n}`);
  // Some make their pages when they begin: so what there is without any is another run's.
  const without = await inTurns(ways, 1, [WARM], async (running) => {
    await pressAll(running, [WARM]);
    return { bytes: await storedIn(running) };
  });
  const figures = await inTurns(ways, 1, [WARM, ...names], async (running, name) => {
    await pressAll(running, [WARM, ...names]);
    const before = without.get(name)?.get("bytes")?.[0] ?? Number.NaN;
    const full = await storedIn(running);
    await pressAll(
      running,
      Array.from({ length: votes }, () => WARM),
    );
    return {
      "bytes a page with its first vote": (full - before) / pages,
      "a further vote": Math.max(0, (await storedIn(running)) - full) / votes,
    };
  });
  return tableOf(figures);
}

async function storedIn({ settled, stored_bytes }: Running): Promise<number> {
  await settled();
  return (await stored_bytes?.()) ?? Number.NaN;
}

async function pressAll(running: Running, pages: readonly string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: TOGETHER });
  const left = pages.values();
  await Promise.all(
    Array.from({ length: TOGETHER }, async () => {
      for (const page of left)
        if (!(await isAcknowledged(running.address, agent, running.press(page))))
          throw new Error(`a press on ${page} was refused`);
    }),
  );
  agent.destroy();
}
