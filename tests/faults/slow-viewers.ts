import { setTimeout as pause } from "node:timers/promises";
import { inTurn } from "./rig/parts-of-bed.ts";
import { PushProbe } from "./rig/push-probe.ts";
import { openRawViewers, sendPong } from "./rig/raw-viewer.ts";
import { readMetric, residentMemory_bytes } from "./rig/read-metrics.ts";
import type { FaultScene } from "./rig/round.ts";
import { smallSegments } from "./rig/small-segments.ts";
import { voteP99_ms } from "./rig/vote-p99.ts";

/** Viewers that read nothing. */
export const SLOW_VIEWERS = 1_000;

/** How long votes and pushes are timed without them. */
const CALM_MS = 10_000;
/** Some two thousand messages for each of them: those that the system's buffers take, and then as many as may wait. */
const DEAF_MS_MAX = 120_000;
const LOOK_MS = 500;
/** They say that they are there: a client that answers no ping is ended anyway, after 45 s. */
const PONG_MS = 10_000;

/**
 * A thousand viewers watch every page and read nothing of it, until the realtime process has ended all of them. Meanwhile
 * its memory is watched, and how long others wait who vote and who watch.
 */
export async function slowViewers({ bed, pages, history, turn, measured }: FaultScene): Promise<void> {
  const realtime = inTurn(turn, bed.realtimes);
  const probe = new PushProbe(inTurn(turn, bed.apis).url, realtime.url);
  try {
    await pause(CALM_MS);
    const calm = { vote_ms: voteP99_ms(history, now_ms() - CALM_MS), push_ms: probe.p99_ms(0) };
    const before_bytes = await residentMemory_bytes(realtime.url);
    const others = await readMetric(realtime.url, "reactions_viewers");
    const widen = await smallSegments(realtime.port);
    const [deaf_ms, since_ms] = [performance.now(), now_ms()];
    const sockets = await openRawViewers([realtime.port], pages, SLOW_VIEWERS, (socket) =>
      socket.pause(),
    ).finally(widen);
    const pongs = setInterval(() => sockets.forEach(sendPong), PONG_MS);
    let [most_bytes, left] = [before_bytes, SLOW_VIEWERS];
    while (left > 0 && performance.now() - deaf_ms < DEAF_MS_MAX) {
      await pause(LOOK_MS);
      most_bytes = Math.max(most_bytes, await residentMemory_bytes(realtime.url));
      left = Math.max(0, (await readMetric(realtime.url, "reactions_viewers")) - others);
    }
    const slow = { vote_ms: voteP99_ms(history, since_ms), push_ms: probe.p99_ms(deaf_ms) };
    clearInterval(pongs);
    for (const socket of sockets) socket.destroy();
    measured("ended", SLOW_VIEWERS - left, "");
    measured("until the last was ended", (performance.now() - deaf_ms) / 1_000, "s");
    measured("memory for them", (most_bytes - before_bytes) / 1e6, "MB");
    measured("vote p99 before", calm.vote_ms, "ms");
    measured("vote p99 meanwhile", slow.vote_ms, "ms");
    measured("vote p99 meanwhile to before", slow.vote_ms / calm.vote_ms, "×");
    measured("push p99 before", calm.push_ms, "ms");
    measured("push p99 meanwhile", slow.push_ms, "ms");
    measured("push p99 meanwhile to before", slow.push_ms / calm.push_ms, "×");
  } finally {
    await probe.stop();
  }
}

function now_ms(): number {
  return performance.timeOrigin + performance.now();
}
