/** Ten thousand viewers of one page on one realtime process: the memory of each, and when each update reaches the last of them. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startProcess } from "../../support/start-process.ts";
import { startTestRedis } from "../../support/test-redis.ts";
import { startVoteLoad } from "../../support/vote-load.ts";
import { pin } from "../begin.ts";
import { type Bench, percentile, processCpu_us, processMemory_kb } from "./measure.ts";
import type { ViewerReport } from "./viewer-clients.ts";

const CLIENTS = 2;
const REALTIME_CORE = 0;
const OTHER_CORE = 1;
const PAGE = "watched";

export async function measureViewers({ quick, say }: Bench): Promise<void> {
  const viewers = quick ? 1_000 : 10_000;
  const seconds = quick ? 3 : 15;
  const server = await startTestRedis();
  const env = { REDIS_URL: server.url, LOG_LEVEL: "info" };
  const services = (["api", "worker", "realtime"] as const).map((name) => startProcess(name, env));
  const [, , realtime] = services;
  const clients = Array.from({ length: CLIENTS }, () =>
    fork(fileURLToPath(new URL("viewer-clients.ts", import.meta.url))),
  );
  try {
    const [api = "", , address = ""] = await Promise.all(services.map(({ listens }) => listens));
    const pid = realtime?.pid ?? 0;
    // One process is to be measured, not how it fares against its own viewers: it has a core, and they share the other.
    pin(pid, REALTIME_CORE);
    for (const { pid: other = 0 } of [...clients, ...services]) if (other !== pid) pin(other, OTHER_CORE);
    const empty_kb = processMemory_kb(pid);
    // One reader after the other: many times what ten thousand viewers cast, and it leaves the viewers their share of the box.
    // They begin while viewers still come, as they do in life.
    const load = startVoteLoad(() => api, [PAGE], 1);
    await Promise.all(
      clients.map(async (client) => {
        client.send({ address, page: PAGE, viewers: viewers / CLIENTS });
        await once(client, "message");
      }),
    );
    const complete_ms = Date.now();
    const before = await reportsOf(clients);
    const began_us = processCpu_us(pid);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    await load.stop();
    // The last state is due within the window of 100 ms.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const used_us = processCpu_us(pid) - began_us;
    const reports = await reportsOf(clients);
    const peak_kb = processMemory_kb(pid);
    say(
      `memory a viewer, ${viewers.toLocaleString("en")} of them, while updates go out`,
      `${((peak_kb - empty_kb) / viewers).toFixed(1)} kB`,
    );
    judge(reports, complete_ms, viewers, load.accepted.get(PAGE) ?? 0, say);
    const sent = messagesIn(reports) - messagesIn(before);
    say("processor time a message", `${(used_us / sent).toFixed(1)} µs`);
  } finally {
    for (const client of clients) client.kill("SIGKILL");
    await Promise.all(services.map((service) => service.kill()));
    await server.stop();
  }
}

function reportsOf(clients: readonly ChildProcess[]): Promise<readonly ViewerReport[]> {
  return Promise.all(
    clients.map(async (client): Promise<ViewerReport> => {
      client.send("report");
      const [report] = (await once(client, "message")) as [ViewerReport];
      return report;
    }),
  );
}

function messagesIn(reports: readonly ViewerReport[]): number {
  return reports.reduce((sum, { messages }) => sum + messages, 0);
}

/** @param complete_ms when all viewers were there, Unix ms: what was on its way to them before does not count */
function judge(
  reports: readonly ViewerReport[],
  complete_ms: number,
  viewers: number,
  votes: number,
  say: Bench["say"],
): void {
  const arrivals = new Map<number, { first_ms: number; last_ms: number; viewers: number }>();
  for (const [rev, first_ms, last_ms, count] of reports.flatMap(({ updates }) => updates)) {
    const known = arrivals.get(rev) ?? { first_ms, last_ms, viewers: 0 };
    arrivals.set(rev, {
      first_ms: Math.min(known.first_ms, first_ms),
      last_ms: Math.max(known.last_ms, last_ms),
      viewers: known.viewers + count,
    });
  }
  const updates = [...arrivals.values()].filter(({ first_ms }) => first_ms >= complete_ms);
  const spreads = updates.map(({ first_ms, last_ms }) => last_ms - first_ms);
  const missed = updates.filter((update) => update.viewers !== viewers).length;
  say(
    "votes; merged updates since all viewers were there",
    `${votes.toLocaleString("en")}; ${updates.length}`,
  );
  say("updates that did not reach every viewer", String(missed));
  say(
    "from the first viewer to the last: median and worst",
    `${percentile(spreads, 0.5)} and ${Math.max(...spreads)} ms`,
  );
  const final = reports.every(({ total }) => total === votes);
  say("every viewer ends with the final state", final ? "yes" : "NO");
}
