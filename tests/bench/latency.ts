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

/** Votes that wait for their answer at a time; probes wait behind them. */
const OPEN_MAX = 256;

/** What a page with many viewers is asked to bear. */
const BUSY_VOTES_A_SECOND = 2_000;

export interface Load {
  readonly viewers: number;
  /** Votes a second besides the probes. */
  readonly votesASecond: number;
  readonly probes: number;
  readonly probePause_ms: number;
}

/** Idle service first, then one page with many viewers and many votes. */
export async function benchLatency(probes: number): Promise<readonly Row[]> {
  const idle = await measureWaits(await beginOurs(), {
    viewers: 1,
    votesASecond: 0,
    probes,
    probePause_ms: IDLE_PAUSE_MS,
  });
  const busy = await measureWaits(await beginOurs(), {
    viewers: 1_000,
    votesASecond: BUSY_VOTES_A_SECOND,
    probes: Math.ceil(probes / 2),
    probePause_ms: 100,
  });
  for (const { waits_ms, note } of [idle, busy])
    if (waits_ms.includes(Number.POSITIVE_INFINITY)) throw new Error(`a viewer did not see a vote: ${note}`);
  return [
    {
      what: "202 → another viewer, idle, ms p50",
      figure: quantile(idle.waits_ms, 0.5),
      aim: { sense: "≤", figure: 15 },
      note: idle.note,
    },
    {
      what: "202 → another viewer, idle, ms p99",
      figure: quantile(idle.waits_ms, 0.99),
      aim: { sense: "≤", figure: 60 },
      note: idle.note,
    },
    {
      what: `202 → each of 1,000 viewers, ${BUSY_VOTES_A_SECOND} votes/s asked of their page, ms p99`,
      figure: quantile(busy.waits_ms, 0.99),
      aim: { sense: "≤", figure: 250 },
      note: `${busy.note}; p50 ${format(quantile(busy.waits_ms, 0.5))} ms; load from the same two cores`,
    },
    {
      what: `votes/s that came then, of ${BUSY_VOTES_A_SECOND}`,
      figure: busy.votesASecond,
      // A service that falls behind is asked for less, and its viewers wait less for it.
      aim: { sense: "≥", figure: 0.95 * BUSY_VOTES_A_SECOND },
      note: `at most ${OPEN_MAX} wait for their answer at a time`,
    },
    {
      what: "messages/s a viewer then",
      figure: busy.messagesASecond,
      aim: { sense: "≤", figure: 12 },
      note: `${busy.note}`,
    },
  ];
}

/** A service that takes votes at one address and tells viewers at another. */
export interface Told {
  readonly address: string;
  readonly viewersAt: string;
  end(): Promise<void>;
}

async function beginOurs(): Promise<Told> {
  const redis = await startRedisProcess();
  const env = { REDIS_URL: redis.url };
  const worker = await beginService("worker", undefined, env);
  const realtime = await beginService("realtime", undefined, env);
  const api = await beginService("api", undefined, env);
  return {
    address: api.said,
    viewersAt: realtime.said,
    end: async () => {
      for (const service of [api, worker, realtime]) await service.end();
      await redis.stop();
    },
  };
}

/**
 * Waits of probes between other votes, each by each viewer, from the acknowledgement and from the sending of each; infinite for a
 * viewer that did not see one within a second after the last. Ends the service.
 */
export async function measureWaits(service: Told, { viewers, votesASecond, probes, probePause_ms }: Load) {
  const page = "https://news.example/latency";
  const audience = beginViewers(service.viewersAt, page, viewers);
  await audience.ready;
  const voters = new Voters([{ id: "1", secret: SECRET }]);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const cast = (reaction: string): Promise<void> =>
    post(service.address, agent, { page, reaction, voter: voters.issue("default").token });

  const began_ms = performance.now();
  const load = keepVoting(votesASecond, () => cast(Math.random() < 0.5 ? "great" : "sad"), OPEN_MAX);
  const sent_ms: number[] = [];
  const acknowledged_ms: number[] = [];
  for (let probe = 0; probe < probes; probe++) {
    await pause(probePause_ms);
    sent_ms.push(now_ms());
    await cast("angry");
    acknowledged_ms.push(now_ms());
  }
  const sent = await load.end();
  const took_s = (performance.now() - began_ms) / 1_000;
  // What is not seen by then is not waited for.
  await pause(1_000);
  const { messages, seen } = await audience.tell();
  agent.destroy();
  await service.end();

  const waitsFrom = (moments_ms: readonly number[]): readonly number[] =>
    moments_ms.flatMap((at_ms, probe) =>
      Array.from({ length: viewers }, (_, viewer) =>
        // The push may overtake the answer; then the viewer waited for nothing.
        Math.max(0, (seen[probe]?.[viewer] ?? Number.POSITIVE_INFINITY) - at_ms),
      ),
    );
  const votes = sent / took_s;
  return {
    waits_ms: waitsFrom(acknowledged_ms),
    waitsFromSending_ms: waitsFrom(sent_ms),
    messagesASecond: messages / viewers / took_s,
    votesASecond: votes,
    note: `${probes} probes, ${viewers} ${viewers === 1 ? "viewer" : "viewers"}, ${Math.round(votes)} votes/s`,
  };
}

/** The viewers' clock. */
const now_ms = (): number => Number(process.hrtime.bigint()) / 1e6;

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
