/**
 * From the moment a voter is told 202 to the moment another viewer has the count. Probes are the page's only `angry` votes,
 * one after the other, each by a voter of its own, so the k-th probe is seen when `angry` is k.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Voters } from "../../shared/votes/voters.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { beginService } from "./begin.ts";
import { keepVoting, post } from "./cast.ts";
import { format, quantile, type Row } from "./rows.ts";

const SECRET = "a secret for benchmarks only";
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Pages change at most this often on a viewer's screen; probes wait longer, so that each is a page's first change. */
const IDLE_PAUSE_MS = 130;

interface Load {
  readonly viewers: number;
  /** Votes a second besides the probes. */
  readonly votesASecond: number;
  readonly probes: number;
  readonly probePause_ms: number;
}

/** Idle service first, then one page with many viewers and many votes. */
export async function benchLatency(probes: number): Promise<readonly Row[]> {
  const idle = await measure({ viewers: 1, votesASecond: 0, probes, probePause_ms: IDLE_PAUSE_MS });
  const busy = await measure({
    viewers: 1_000,
    votesASecond: 2_000,
    probes: Math.ceil(probes / 2),
    probePause_ms: 100,
  });
  return [
    {
      what: "202 → another viewer, idle, ms p50",
      figure: quantile(idle.waits_ms, 0.5),
      aim: "≤ 15",
      note: idle.note,
    },
    {
      what: "202 → another viewer, idle, ms p99",
      figure: quantile(idle.waits_ms, 0.99),
      aim: "≤ 60",
      note: idle.note,
    },
    {
      what: "202 → each of 1,000 viewers, 2,000 votes/s on their page, ms p99",
      figure: quantile(busy.waits_ms, 0.99),
      aim: "≤ 250",
      note: `${busy.note}; p50 ${format(quantile(busy.waits_ms, 0.5))} ms; load from the same two cores`,
    },
    { what: "messages/s a viewer then", figure: busy.messagesASecond, aim: "≤ 12", note: `${busy.note}` },
  ];
}

async function measure({ viewers, votesASecond, probes, probePause_ms }: Load) {
  const redis = await startRedisProcess();
  const env = { REDIS_URL: redis.url };
  const services = [
    await beginService("worker", undefined, env),
    await beginService("realtime", undefined, env),
  ];
  const api = await beginService("api", undefined, env);
  const page = "https://news.example/latency";
  const audience = beginViewers(services[1]?.said ?? "", page, viewers);
  await audience.ready;
  const voters = new Voters([{ id: "1", secret: SECRET }]);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const cast = (reaction: string): Promise<void> =>
    post(api.said, agent, { page, reaction, voter: voters.issue("default").token });

  const began_ms = performance.now();
  const load = keepVoting(votesASecond, () => cast(Math.random() < 0.5 ? "great" : "sad"));
  const acknowledged_ms: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    await pause(probePause_ms);
    await cast("angry");
    acknowledged_ms.push(Number(process.hrtime.bigint()) / 1e6);
  }
  await pause(1_000);
  const took_s = (performance.now() - began_ms) / 1_000;
  const sent = await load.end();
  const { messages, seen } = await audience.tell();
  agent.destroy();
  await api.end();
  for (const service of services) await service.end();
  await redis.stop();

  const waits_ms = acknowledged_ms.flatMap((at_ms, probe) => {
    const moments = seen[probe] ?? [];
    if (moments.length !== viewers)
      throw new Error(`probe ${probe} was seen by ${moments.length} of ${viewers}`);
    // The push may overtake the answer; then the viewer waited for nothing.
    return moments.map((seen_ms) => Math.max(0, seen_ms - at_ms));
  });
  return {
    waits_ms,
    messagesASecond: messages / viewers / took_s,
    note: `${probes} probes, ${viewers} ${viewers === 1 ? "viewer" : "viewers"}, ${Math.round(sent / took_s)} votes/s`,
  };
}

function beginViewers(address: string, page: string, count: number) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "tests/bench/viewers.ts", address, page, String(count)],
    {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  return {
    ready: firstLine(child),
    tell: async (): Promise<{ messages: number; seen: number[][] }> => {
      const chunks: Buffer[] = [];
      child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
      child.stdin.write("tell\n");
      await once(child, "close");
      return JSON.parse(Buffer.concat(chunks).toString("utf8"));
    },
  };
}

function firstLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`the viewers ended with ${code}`)));
  });
}
