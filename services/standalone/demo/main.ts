/** `npm run demo`: the whole service with a simulated newsroom, on data of its own that go when it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Presets, SingleBar } from "cli-progress";
import { type Config, ConfigError } from "../../../shared/runtime/config.ts";
import { beginToListen } from "../../../shared/runtime/http-server.ts";
import type { Lifecycle } from "../../../shared/runtime/lifecycle.ts";
import type { Log } from "../../../shared/runtime/log.ts";
import { runService } from "../../../shared/runtime/run-service.ts";
import { startAll } from "../start-all.ts";
import { chanceOf, raidedOf, storiesOf } from "./newsroom.ts";
import { playHistory, playOn } from "./play.ts";

/** The same newsroom each time. */
const SEED = 7;

const STOP_MS_MAX = 4_500;

/** A token that everybody may know: the data are made up, and only this machine can reach them unless HOST says otherwise. */
const TOKEN = "demo-token-of-everybody";

async function demo(settings: Config, lifecycle: Lifecycle, log: Log): Promise<void> {
  if (
    settings.redisUrl !== undefined ||
    settings.redisCluster !== undefined ||
    settings.redisSentinel !== undefined
  ) {
    throw new ConfigError([
      "REDIS_URL: expected nothing, the demo would fill your Redis with votes that nobody cast",
    ]);
  }
  if (settings.sitesFile !== undefined)
    throw new ConfigError(["SITES_FILE: expected nothing, the demo has a site of its own"]);
  const dataDir = mkdtempSync(join(tmpdir(), "reader-reactions-demo-"));
  lifecycle.onStop("data of the demo", () => rmSync(dataDir, { recursive: true, force: true }));
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const service = await startAll({ ...settings, dataDir }, lifecycle, say, log);
  const address = await beginToListen(service.server, settings.host, settings.port);
  const { desk } = service;
  const chance = chanceOf(SEED);
  const stories = storiesOf(desk.now_ms(), address, chance);
  await service.registerPages(stories);
  const bar = new SingleBar(
    { format: "  Two days of votes {bar} {percentage} %", noTTYOutput: true, notTTYSchedule: 2_000 },
    Presets.shades_classic,
  );
  bar.start(100, 0);
  const votes = await playHistory(desk, stories, raidedOf(stories), chance, (done) =>
    bar.update(Math.floor(100 * done)),
  );
  bar.update(100);
  bar.stop();
  const playing = new AbortController();
  const ended = playOn(desk, stories, chance, playing.signal, (error) =>
    log.debug({ reason: String(error) }, "vote"),
  );
  lifecycle.onStop("readers of the demo", async () => {
    playing.abort();
    await ended;
  });
  say(`
  The demo is running: ${stories.length} stories, ${votes} votes of two days, one raid by bots, and readers who go on.

    Dashboard        ${address}/dashboard
    Hot list         ${address}/v1/sites/default/hot
    Demo page        ${address}/
    API              ${address}/docs
    Moderator token  ${settings.adminToken ?? ""}

  Press Ctrl-C to stop; its data go with it.
`);
}

await runService("demo", demo, { LOG_LEVEL: "warn", ADMIN_TOKEN: TOKEN }, STOP_MS_MAX);
