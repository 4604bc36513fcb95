/** Live counts over socket.io at `/socket.io`. */
import type { Server as HttpServer } from "node:http";
import { Server, type Socket } from "socket.io";
import type { PageCounts } from "../../shared/contract/counts.ts";
import type { ClientEvents } from "../../shared/contract/events.ts";
import { isObject } from "../../shared/contract/object.ts";
import { Refusal } from "../../shared/contract/problems.ts";
import type { ProcessKind } from "../../shared/contract/system.ts";
import { openTellProcess } from "../../shared/live/tell-process.ts";
import { openAddressOf } from "../../shared/runtime/address-of.ts";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { Log } from "../../shared/runtime/log.ts";
import { gauge } from "../../shared/runtime/metrics.ts";
import type { ReadyCheck } from "../../shared/runtime/operations.ts";
import { faultOfRedis, openRedis, whenConnected } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import { SharedReads } from "../../shared/runtime/shared-reads.ts";
import type { ReactingSite } from "../../shared/runtime/sites.ts";
import { PageFeed } from "../../shared/tallies/page-feed.ts";
import { readPageCounts } from "../../shared/tallies/read-counts.ts";
import { renewEpoch } from "../../shared/tallies/renew-epoch.ts";
import { deskChecks, type VoteDesk } from "../../shared/votes/vote-desk.ts";
import { answerViewer } from "./answer-viewer.ts";
import { connectError, Door, SOCKETS_A_NETWORK_MAX, siteFor } from "./door.ts";
import { endSlowViewers, type SlowConnection } from "./end-slow-viewers.ts";
import { EventLimit } from "./event-limit.ts";
import { IdleConnections } from "./idle-connections.ts";
import { openLive } from "./live-namespace.ts";
import { sendAtOnce, writeAtOnce } from "./one-write.ts";
import { refusePolling, refuseUpgrade } from "./refuse-sockets.ts";
import { endStreams, releaseViewers, type ViewerConnection } from "./release-viewers.ts";
import { sendToRoom } from "./send-to-room.ts";
import { openTellViewers } from "./tell-viewers.ts";
import type { SentEvents, SocketData } from "./viewer.ts";
import { nameOf, WatchedPages } from "./watched-pages.ts";

/** The longest event is a `watch` of a hundred page ids. */
const EVENT_BYTES_MAX = 100_000;

/** From the open connection to the site's name. */
const JOIN_MS_MAX = 10_000;

const CHECK_PAUSE_MS = 30_000;

/** How long after subscriptions were made anew their pages are checked once more. */
const SECOND_LOOK_MS = 1_000;

/** How often connections are looked at that may be idle; those that are a few times in a row are ended. */
const IDLE_PAUSE_MS = 60_000;

/** How often connections are looked at whose clients may not read. */
const SLOW_PAUSE_MS = 1_000;

/** How sockets are served; what is left out has its default. */
export interface RealtimeOptions {
  /** Over how long viewers are sent elsewhere when this process stops; none. */
  readonly release_ms?: number;
  /** What the process tells of itself; realtime. */
  readonly kind?: ProcessKind;
  /** How often what viewers were told is held against what Redis holds; 30 s. */
  readonly check_ms?: number;
}

/** Serves sockets on `server`; closes with the lifecycle. Resolves to what `/readyz` should ask. */
export async function startRealtime(
  config: Config,
  desk: VoteDesk,
  server: HttpServer,
  lifecycle: Lifecycle,
  log: Log,
  { release_ms = 0, kind = "realtime", check_ms = CHECK_PAUSE_MS }: RealtimeOptions = {},
): Promise<Readonly<Record<string, ReadyCheck>>> {
  const reader = openRedis("reader", config, lifecycle, log, desk.metrics);
  const subscriber = openRedis("subscriber", config, lifecycle, log, desk.metrics);
  await Promise.all([whenConnected(reader), whenConnected(subscriber)]);
  const { metrics } = desk;

  const addressOf = openAddressOf(config.trustProxy);
  const events = config.limits ? new EventLimit() : undefined;
  const door = new Door(desk.sites, config.limits ? SOCKETS_A_NETWORK_MAX : Number.POSITIVE_INFINITY);
  const others = server.listeners("request");
  const io = new Server<ClientEvents, SentEvents, Record<never, never>, SocketData>(server, {
    // A websocket needs no sticky sessions, and one encoded frame serves all viewers of a page.
    transports: ["websocket"],
    perMessageDeflate: false,
    serveClient: false,
    maxHttpBufferSize: EVENT_BYTES_MAX,
    // Whoever asks for no site soon only holds a place.
    connectTimeout: JOIN_MS_MAX,
    allowRequest: (request, answer) => {
      // Whoever is sent elsewhere must not come back here.
      const refusal = lifecycle.stopping
        ? new Refusal("unavailable")
        : door.refuse(request, addressOf(request));
      if (refusal === undefined) answer(undefined, true);
      else refuseUpgrade(request.socket, refusal, () => answer(refusal.problem.code, false));
    },
  });
  refusePolling(server, others);
  // The answer to the upgrade and engine.io's first packet.
  server.prependListener("upgrade", (_request, stream) => writeAtOnce(stream));
  const connections = new Set<ViewerConnection & SlowConnection & Pick<Socket["conn"], "request">>();
  io.engine.on("connection", (connection) => {
    connections.add(connection);
    const leave = door.enter(addressOf(connection.request));
    connection.once("close", () => {
      connections.delete(connection);
      leave();
    });
  });
  // When a process dies, all its viewers come here at once and ask for the same few pages.
  const reads = new SharedReads<PageCounts>();
  const readOne = async (site: ReactingSite, page: string): Promise<PageCounts> =>
    // Under a site's new settings the reactions may have other names.
    await reads.read(
      `${nameOf(site, page)}\n${site.reactions}`,
      async () => await readPageCounts(reader, site, page),
    );
  const watched = new WatchedPages({
    feed: new PageFeed(subscriber),
    read: (site, pages) => Promise.all(pages.map((page) => readOne(site, page))),
    beginAnew: (site, told) => renewEpoch(reader, site.id, told.page, told),
    send: (site, counts) => {
      metrics.pushes.inc();
      sendToRoom(io.of("/"), nameOf(site, counts.page), "counts", counts);
    },
    onMerged: () => metrics.merged.inc(),
    onHealed: (count) => metrics.healed.inc(count),
  });

  io.use((socket, next) => {
    const auth: unknown = socket.handshake.auth;
    try {
      socket.data.site = siteFor(desk.sites, isObject(auth) ? auth.site : undefined, socket.request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      next(connectError(error));
      return;
    }
    socket.data.address = addressOf(socket.request);
    // The answer to the handshake, and what is known of its pages.
    sendAtOnce(socket.conn);
    next();
  });
  io.on("connection", (socket) => {
    metrics.sockets.inc();
    answerViewer(socket, watched, desk, events?.ofSocket() ?? (() => {}), log);
  });

  // They come back by themselves, under the site's new settings, or hear that it takes them no more.
  desk.siteBook.onChange((changed) => {
    for (const namespace of [io.of("/"), io.of("/live")])
      for (const { conn, data } of namespace.sockets.values()) if (changed.has(data.site.id)) conn.close();
  });

  let secondLook: NodeJS.Timeout | undefined;
  const report = (error: unknown): void => log.debug({ reason: String(error) }, "counts not checked");
  const checkTwice = (): void => {
    watched.check().catch(report);
    clearTimeout(secondLook);
    secondLook = setTimeout(() => watched.check().catch(report), SECOND_LOOK_MS);
  };
  // Messages of the time without a connection are lost: everybody is told anew as soon as there is one. "Ready" does not
  // mean that Redis has taken the subscriptions, so a second look follows; and the reader may come back after the
  // subscriber. A Cluster has a connection for each master, and says so when it has made new ones.
  subscriber.on("ready", checkTwice);
  subscriber.on("subscribersReady", checkTwice);
  reader.on("ready", checkTwice);
  lifecycle.onStop("second look", () => clearTimeout(secondLook));
  repeat("check of what viewers were told", check_ms, () => watched.check(), lifecycle, report);
  const endSlow = async (): Promise<void> => {
    const ended = endSlowViewers(connections);
    if (ended > 0) log.info({ ended }, "ended viewers that do not read");
  };
  repeat("look at slow viewers", SLOW_PAUSE_MS, endSlow, lifecycle, report);
  const idle = new IdleConnections<ViewerConnection>();
  const endIdle = async (): Promise<void> => {
    const readers = [...io.of("/").sockets.values()].filter(({ data }) => data.viewer?.takeBusy() === true);
    const dashboards = [...io.of("/live").sockets.values()];
    const busy = new Set<ViewerConnection>([...readers, ...dashboards].map(({ conn }) => conn));
    const ended = idle.look(connections, busy);
    // As of those who are sent elsewhere: a client that means it comes back.
    for (const connection of ended) connection.close();
    if (ended.length > 0) log.info({ ended: ended.length }, "ended sockets that watch nothing");
  };
  repeat("look at idle sockets", IDLE_PAUSE_MS, endIdle, lifecycle, report);
  const sockets = () => [...io.of("/").sockets.values()].map(({ data }) => data.site);
  const unread = (error: unknown): void => log.debug({ reason: String(error) }, "dashboards not told");
  openTellProcess(kind, reader, metrics, lifecycle, log, () => io.engine.clientsCount);
  openTellViewers({ desk, redis: reader, watched, sockets }, lifecycle, unread);
  openLive({ live: io.of("/live"), desk, redis: reader, config, addressOf, lifecycle, report: unread });
  lifecycle.onStop("sockets", async () => {
    watched.stop();
    // Those who knock meanwhile are refused.
    const streams = [...connections].map(({ request }) => request.socket);
    await releaseViewers([...connections], release_ms);
    io.engine.close();
    await endStreams(streams);
  });
  gauge(metrics, "reactions_viewers", "Open sockets, dashboards' too.", () => io.engine.clientsCount);
  gauge(metrics, "reactions_pages_watched", "Pages that somebody here watches.", () => watched.size);
  return {
    ...deskChecks(desk),
    redis: () => faultOfRedis(reader),
    subscriber: async () => (subscriber.status === "ready" ? undefined : "not subscribed to Redis"),
  };
}
