/** The namespace `/live`: a site's pulse once a second for whoever has a moderator's token. */
import type { Namespace } from "socket.io";
import type { ClientEvents } from "../../shared/contract/events.ts";
import { isObject } from "../../shared/contract/object.ts";
import { problem, Refusal } from "../../shared/contract/problems.ts";
import { PULSE_MS, type Pulse } from "../../shared/contract/pulse.ts";
import { covers } from "../../shared/contract/tokens.ts";
import { readPulse } from "../../shared/live/read-pulse.ts";
import { Sparks } from "../../shared/live/sparks.ts";
import { TokenDoor } from "../../shared/moderation/token-door.ts";
import { Tokens } from "../../shared/moderation/tokens.ts";
import type { AddressOf } from "../../shared/runtime/address-of.ts";
import type { Config } from "../../shared/runtime/config.ts";
import type { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import type { RedisConnection } from "../../shared/runtime/redis-connections.ts";
import { repeat } from "../../shared/runtime/repeat.ts";
import type { Site } from "../../shared/runtime/sites.ts";
import { senderOf } from "../../shared/votes/source.ts";
import type { VoteDesk } from "../../shared/votes/vote-desk.ts";
import { connectError, siteFor } from "./door.ts";
import type { SentEvents, SocketData } from "./viewer.ts";

/** How soon whoever's token was revoked is sent away. */
const TOKEN_CHECK_MS = 2_000;

export interface LiveParts {
  readonly live: Namespace<ClientEvents, SentEvents, Record<never, never>, SocketData>;
  readonly desk: VoteDesk;
  /** A connection of the role `reader`. */
  readonly redis: RedisConnection;
  readonly config: Pick<Config, "adminToken" | "limits">;
  readonly addressOf: AddressOf;
  readonly lifecycle: Lifecycle;
  readonly report: (error: unknown) => void;
}

/** Serves the namespace; ends with the lifecycle. */
export function openLive({ live, desk, redis, config, addressOf, lifecycle, report }: LiveParts): void {
  const tokens = new Tokens(redis, config.adminToken);
  const door = new TokenDoor(tokens, config.limits);
  const sparks = new Map<Site, Sparks>();
  const newest = new Map<Site, Pulse>();

  live.use((socket, next) => {
    const enter = async (): Promise<void> => {
      const auth: unknown = socket.handshake.auth;
      const site = siteFor(desk.sites, isObject(auth) ? auth.site : undefined, socket.request);
      const token = isObject(auth) && typeof auth.token === "string" ? auth.token : undefined;
      await door.enter(token, senderOf(addressOf(socket.request)), "read", site.id);
      socket.data.site = site;
      if (token !== undefined) socket.data.token = token;
    };
    enter().then(
      () => next(),
      (error: unknown) => {
        const refusal = error instanceof Refusal ? error : new Refusal("internal_error");
        if (refusal !== error) report(error);
        next(connectError(refusal));
      },
    );
  });

  live.on("connection", (socket) => {
    const { site } = socket.data;
    void socket.join(site.id);
    // The next one comes within a second, but a dashboard that opens should not look empty until then.
    const pulse = newest.get(site);
    if (pulse !== undefined && desk.now_ms() - pulse.at < 2 * PULSE_MS) socket.emit("pulse", pulse);
  });

  const beat = async (): Promise<void> => {
    const sites = new Set([...live.sockets.values()].map(({ data }) => data.site));
    for (const site of newest.keys()) if (!sites.has(site)) newest.delete(site);
    for (const site of sparks.keys()) if (!sites.has(site)) sparks.delete(site);
    if (sites.size === 0 || !desk.ready()) return;
    const [jobs, age_ms] = await Promise.all([desk.queue.jobs(), desk.queue.backlogAge_ms()]);
    for (const site of sites) {
      const lines = sparks.get(site) ?? new Sparks();
      sparks.set(site, lines);
      const pulse = await readPulse(redis, site, lines, { jobs, age_ms }, desk.now_ms());
      newest.set(site, pulse);
      live.to(site.id).emit("pulse", pulse);
    }
  };
  repeat("pulse", PULSE_MS, beat, lifecycle, report);

  const checkTokens = async (): Promise<void> => {
    const sockets = [...live.sockets.values()];
    for (const token of new Set(sockets.map(({ data }) => data.token))) {
      const found = token === undefined ? undefined : await tokens.find(token);
      for (const socket of sockets.filter(({ data }) => data.token === token)) {
        const { site } = socket.data;
        const fits = found !== undefined && (found.site === undefined || found.site === site.id);
        if (fits && covers(found.scope, "read")) continue;
        socket.emit("refused", problem("token_invalid"));
        socket.disconnect();
      }
    }
  };
  repeat("tokens of dashboards", TOKEN_CHECK_MS, checkTokens, lifecycle, report);
}
