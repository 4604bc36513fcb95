/**
 * What a second API process adds. Each gets its own load generator (wrk). Where one API, Redis, a worker and wrk fill the
 * machine already, a second one has no processor to run on; so both are measured once more with a share of a core each that
 * leaves room for all: an API is stopped for the rest of every period, as a smaller machine would do it.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Voters } from "../../../shared/votes/voters.ts";
import { type ServiceProcess, startProcess } from "../../support/start-process.ts";
import { openTestRedis } from "../../support/tally-redis.ts";
import { startTestRedis } from "../../support/test-redis.ts";
import { TEST_SECRET } from "../../support/vote-load.ts";
import { type Bench, processCpu_us, redisCpu_us } from "./measure.ts";

/** For each API. */
const CONNECTIONS = 50;

/** Of a core. */
const SHARE = 0.2;
const PERIOD_MS = 50;

export async function measureApis({ quick, say }: Bench): Promise<void> {
  const seconds = quick ? 3 : 10;
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-bench-"));
  const server = await startTestRedis();
  const { redis, lifecycle } = openTestRedis("worker", server.url);
  const services: ServiceProcess[] = [];
  try {
    const script = join(folder, "votes.lua");
    writeFileSync(script, wrkScript());
    const start = async (name: "api" | "worker") => {
      const service = startProcess(name, { REDIS_URL: server.url, LOG_LEVEL: "info" });
      services.push(service);
      return { pid: service.pid, address: await service.listens };
    };
    const apis = [await start("api"), await start("api")];
    const worker = await start("worker");
    const measure = async (count: number): Promise<number> => {
      const used = apis.slice(0, count);
      const before = used.map(({ pid }) => processCpu_us(pid));
      const [redis_us, worker_us] = [await redisCpu_us(redis), processCpu_us(worker.pid)];
      const runs = used.map(({ address }) => wrk(address, script, seconds, CONNECTIONS));
      const perSecond = (await Promise.all(runs)).reduce((sum, rate) => sum + rate, 0);
      const votes = perSecond * seconds;
      const api_us =
        used.reduce((sum, { pid }, at) => sum + processCpu_us(pid) - (before[at] ?? 0), 0) / votes;
      say(`${count} API`, `${Math.round(perSecond).toLocaleString("en")} votes/s`);
      say(
        "  processor time a vote: API, Redis, worker",
        [
          api_us,
          ((await redisCpu_us(redis)) - redis_us) / votes,
          (processCpu_us(worker.pid) - worker_us) / votes,
        ]
          .map((us) => `${us.toFixed(0)} µs`)
          .join(", "),
      );
      say("  cores that the APIs used", ((perSecond * api_us) / 1_000_000).toFixed(2));
      return perSecond;
    };
    // For warming up.
    await Promise.all(apis.map(({ address }) => wrk(address, script, seconds, CONNECTIONS)));
    const compare = async (): Promise<void> => {
      const [one, two] = [await measure(1), await measure(2)];
      say("two against one", `${(two / one).toFixed(2)} ×`);
    };
    await compare();
    say("a share of a core for each API", String(SHARE));
    const release = apis.map(({ pid }) => holdToShare(pid));
    try {
      await compare();
    } finally {
      for (const free of release) free();
    }
  } finally {
    await Promise.all(services.map((service) => service.kill()));
    await lifecycle.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets a process run for its share of every period only, until what this returns is called. */
function holdToShare(pid: number): () => void {
  let rest: NodeJS.Timeout | undefined;
  const turn = setInterval(() => {
    process.kill(pid, "SIGCONT");
    rest = setTimeout(() => process.kill(pid, "SIGSTOP"), PERIOD_MS * SHARE);
  }, PERIOD_MS);
  return () => {
    clearInterval(turn);
    clearTimeout(rest);
    process.kill(pid, "SIGCONT");
  };
}

/** Each request is a vote of one of a thousand voters on one of a hundred pages. */
function wrkScript(): string {
  const voters = new Voters([{ id: "1", secret: TEST_SECRET }]);
  const tokens = Array.from({ length: 1_000 }, () => JSON.stringify(voters.issue("default").token));
  return `local tokens = { ${tokens.join(", ")} }
local n = 0
function request()
  n = n + 1
  local body = string.format('{"page":"page-%d","reaction":"%s"}', n % 100, n % 2 == 0 and 'great' or 'sad')
  return wrk.format('POST', '/v1/sites/default/votes', {
    ['content-type'] = 'application/json', authorization = 'Bearer ' .. tokens[n % 1000 + 1] }, body)
end
`;
}

async function wrk(address: string, script: string, seconds: number, connections: number): Promise<number> {
  const { stdout } = await promisify(execFile)("wrk", [
    ...["-t", "1", "-c", String(connections), "-d", `${seconds}s`, "-s", script, address],
  ]);
  if (/Non-2xx/.test(stdout)) throw new Error(`votes were refused:\n${stdout}`);
  return Number(/Requests\/sec:\s+(\S+)/.exec(stdout)?.[1]);
}
