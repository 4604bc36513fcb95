/** The services as processes of their own: they share the work, are replaced one after the other, and stop in good order. */
import { connect } from "node:net";
import { io } from "socket.io-client";
import { afterEach, describe, expect, inject, it, onTestFinished } from "vitest";
import { onFreePort } from "../../services/standalone/free-port.ts";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { startBalancer } from "../support/balancer.ts";
import { call, countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import type { ReaderSocket } from "../support/reader-socket.ts";
import { redisEnv } from "../support/redis-place.ts";
import { startRedisProcess } from "../support/redis-process.ts";
import { type ServiceName, type ServiceProcess, startProcess } from "../support/start-process.ts";
import { startVoteLoad } from "../support/vote-load.ts";

const SLOW = { timeout: 400_000 };
const CATCH_UP_MS = 60_000;

const running = new Set<ServiceProcess>();
const sockets = new Set<ReaderSocket>();
afterEach(async () => {
  for (const socket of sockets) socket.disconnect();
  sockets.clear();
  await Promise.all([...running].map((service) => service.kill()));
  running.clear();
});

function start(
  name: ServiceName,
  env: Readonly<Record<string, string>> = {},
  place = inject("redisUrl"),
): ServiceProcess {
  const service = startProcess(name, { ...redisEnv(place), ...env });
  running.add(service);
  return service;
}

/** The status that an upgrade to a WebSocket is answered with; undefined when nobody answers. */
function upgradeStatus(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(undefined));
    socket.once("data", (bytes) => {
      socket.destroy();
      resolve(/^HTTP\/1.1 (\d+)/.exec(bytes.toString("latin1"))?.[1]);
    });
    socket.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  });
}

/** A reader's page that is kept up to date by whichever realtime process lives; what it was told last. */
function follow(
  address: string,
  page: string,
): { newest: () => PageCounts | undefined; socket: ReaderSocket } {
  let newest: PageCounts | undefined;
  const take = (counts: PageCounts): void => {
    if (newest === undefined || counts.epoch !== newest.epoch || counts.rev > newest.rev) newest = counts;
  };
  const socket: ReaderSocket = io(address, {
    transports: ["websocket"],
    auth: { site: "default" },
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 500,
  });
  sockets.add(socket);
  socket.on("counts", take);
  socket.on("connect", () => {
    socket.emit("watch", { pages: [page] }, (ack) => {
      if (ack.ok) ack.pages.forEach(take);
    });
  });
  return { newest: () => newest, socket };
}

describe("services apart", () => {
  it("S1, S67: what they do not serve is a problem, with the headers that everything has", async () => {
    for (const name of ["worker", "realtime"] as const) {
      const url = await start(name).listens;
      for (const [method, path] of [
        ["GET", "/"],
        ["POST", "/healthz"],
        ["GET", "/%E0%A4%A"],
      ] as const) {
        const { status, headers, body } = await call(`${url}${path}`, { method });
        expect([status, body.code], `${name} ${path}`).toEqual([404, "route_unknown"]);
        expect(headers.get("content-type")).toBe("application/problem+json");
        expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
      }
      const health = await call(`${url}/healthz`);
      expect(health.status).toBe(200);
      expect(health.headers.get("x-content-type-options")).toBe("nosniff");
      expect(health.headers.get("x-powered-by")).toBeNull();
    }
  });

  it(
    "V33, P30: a rolling restart under load loses no vote, and every viewer ends with the final state",
    SLOW,
    async () => {
      const names: readonly ServiceName[] = ["api", "api", "worker", "worker", "realtime", "realtime"];
      const services = names.map((name) => start(name));
      const addresses = await Promise.all(services.map(({ listens }) => listens));
      let turn = 0;
      const some = (name: ServiceName): string => {
        const able = addresses.filter((_, at) => names[at] === name);
        return able[turn++ % able.length] ?? "";
      };
      const page = freshPage();
      const balancer = await startBalancer(() => some("realtime"));
      onTestFinished(() => balancer.stop());
      const viewers = Array.from({ length: 20 }, () => follow(balancer.url, page));
      await until("all viewers", () => viewers.every(({ newest }) => newest() !== undefined), CATCH_UP_MS);
      const load = startVoteLoad(() => some("api"), [page], 4);
      try {
        for (const [at, service] of services.entries()) {
          await load.more(5);
          // Its successor is up before it goes, as with every rolling restart.
          const successor = start(service.name);
          const successor_address = await successor.listens;
          const stopping = service.stop();
          await until("a red /readyz", () =>
            fetch(`${addresses[at]}/readyz`).then(
              ({ ok }) => !ok,
              () => true,
            ),
          );
          addresses[at] = successor_address;
          const { code } = await stopping;
          expect({ service: service.name, code, said: errorsIn(service.said()) }).toEqual({
            service: service.name,
            code: 0,
            said: [],
          });
        }
        await load.more(5);
      } finally {
        await load.stop();
      }
      expect(load.wrong).toEqual([]);
      const promised = load.accepted.get(page);
      await until(
        `${promised} votes`,
        async () => (await countsOf(some("api"), page)).total === promised,
        CATCH_UP_MS,
      );
      await until(
        "every viewer to know",
        () => viewers.every(({ newest }) => newest()?.total === promised),
        CATCH_UP_MS,
      );
    },
  );

  it("P60: whoever comes before a realtime process is ready finds nobody, not somebody who knows no sockets", async () => {
    const port = await onFreePort(async (free) => free);
    const realtime = start("realtime", { PORT: String(port) });
    const answers = new Set<string>();
    // From before it listens until it serves sockets, without a pause.
    while (!answers.has("101")) answers.add((await upgradeStatus(port)) ?? "refused");
    expect([...answers].sort()).toEqual(["101", "refused"]);
    await realtime.listens;
  });

  it(
    "S30: on SIGTERM the API answers what is in flight, turns /readyz red, and ends with code 0",
    SLOW,
    async () => {
      const [api, worker] = [start("api"), start("worker")];
      const [address] = await Promise.all([api.listens, worker.listens]);
      const page = freshPage();
      const voter = await newVoter(address);
      const inFlight = Array.from({ length: 50 }, () => vote(address, { page, reaction: "great", voter }));
      const answers = Promise.all(inFlight);
      const stopped = api.stop();
      expect((await answers).map(({ status }) => status)).toEqual(inFlight.map(() => 202));
      expect((await stopped).code).toBe(0);
      await expect(fetch(`${address}/readyz`)).rejects.toThrow();
    },
  );

  it("S120: a service whose Redis is gone stops without waiting for it", SLOW, async () => {
    const redis = await startRedisProcess();
    onTestFinished(() => redis.stop());
    const services = (["api", "worker", "realtime"] as const).map((name) => start(name, {}, redis.url));
    const addresses = await Promise.all(services.map(({ listens }) => listens));
    await redis.kill();
    for (const address of addresses) {
      const unready = async () => (await fetch(`${address}/readyz`)).status === 503;
      await until("the outage to be noticed", unready, CATCH_UP_MS);
    }
    for (const service of services) {
      expect((await service.stop()).code).toBe(0);
      expect(service.said()).not.toContain("in time");
    }
  });

  it(
    "S33: the logs of a run hold no token, no address and nothing that links a voter to a page",
    SLOW,
    async () => {
      const services = (["api", "worker", "realtime"] as const).map((name) =>
        start(name, { LOG_LEVEL: "trace" }),
      );
      const [api = "", , realtime = ""] = await Promise.all(services.map(({ listens }) => listens));
      const page = freshPage("secret-reading");
      const voter = await newVoter(api);
      await vote(
        api,
        { page, reaction: "great", voter },
        { prefer: "wait=10", "x-forwarded-for": "203.0.113.7" },
      );
      await call(`${api}/v1/sites/default/mine?${new URLSearchParams({ page })}`, {
        headers: { authorization: `Bearer ${voter}` },
      });
      await vote(api, `{"page":"${page}","reaction":`, { authorization: `Bearer ${voter}` });
      const { socket, newest } = follow(realtime, page);
      await until("the counts", () => newest()?.total === 1, CATCH_UP_MS);
      await socket.emitWithAck("vote", { page, reaction: "sad", voter });
      await until("the vote", () => newest()?.counts.sad === 1, CATCH_UP_MS);
      await Promise.all(services.map((service) => service.stop()));
      const log = services.map(({ said }) => said()).join("\n");
      expect(log).toContain("the API listens");
      for (const [, , id = "", signature = ""] of [voter.split(".")]) {
        expect(log).not.toContain(id);
        expect(log).not.toContain(signature);
      }
      expect(log).not.toContain(page);
      expect(log).not.toContain("203.0.113.7");
    },
  );
});

/** Lines of level error and worse. */
function errorsIn(said: string): readonly string[] {
  return said.split("\n").filter((line) => /"level":[56]0/.test(line));
}
