/** `npm start`: the three services in one process on one port, with a Redis of their own. */
import { beginToListen } from "../../shared/runtime/http-server.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { describeSites } from "./describe-sites.ts";
import { startAll } from "./start-all.ts";

/** A Ctrl-C is over within 5 s: there is nowhere to send viewers, and nobody to wait for. */
const STOP_MS_MAX = 4_500;

await runService(
  "standalone",
  async (settings, lifecycle, log) => {
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    const service = await startAll(settings, lifecycle, say, log);
    const address = await beginToListen(service.server, settings.host, settings.port);
    await service.registerDemo(address);
    say(`
  Reader Reactions is running.

    Demo page        ${address}/
    Dashboard        ${address}/dashboard
    API              ${address}/docs
    Health, metrics  ${address}/readyz  ${address}/metrics
    Redis            ${service.redis}
    Admin token      ${service.adminToken}

  ${service.durability}
  ${describeSites(service.desk.sites, service.desk.siteBook.neverNamed(), settings.host)}
  Press Ctrl-C to stop.
`);
  },
  // People watch this terminal: it says what they need, and what goes wrong.
  { LOG_LEVEL: "warn" },
  STOP_MS_MAX,
);
