import { setTimeout as pause } from "node:timers/promises";
import { openRawViewers } from "./rig/raw-viewer.ts";
import type { Fault, FaultScene } from "./rig/round.ts";

/** How long votes are timed while all viewers sit still. */
const CALM_MS = 4_000;

/** `viewers` lose their realtime service and all come back as soon as it listens. */
export function reconnectStorm(viewers: number): Fault {
  return async (scene) => {
    const { bed, random, pages, measured } = scene;
    const realtime = random.pick(bed.realtimes);
    const before = await openRawViewers(realtime.port, pages.slice(0, 1), viewers);
    const calm_ms = now_ms();
    await pause(CALM_MS);
    measured("vote p99 before", voteP99_ms(scene, calm_ms), "ms");
    await realtime.kill();
    for (const socket of before) socket.destroy();
    await realtime.start();
    const began_ms = now_ms();
    const after = await openRawViewers(realtime.port, pages.slice(0, 1), viewers);
    measured("all current after", (now_ms() - began_ms) / 1_000, "s");
    measured("vote p99 meanwhile", voteP99_ms(scene, began_ms), "ms");
    for (const socket of after) socket.destroy();
  };
}

/** Of votes over HTTP that were asked for since `since_ms` and accepted. */
function voteP99_ms({ history }: FaultScene, since_ms: number): number {
  const took_ms = history.votes
    .filter(
      ({ began_ms, outcome, road }) => began_ms >= since_ms && outcome === "accepted" && road === "http",
    )
    .map(({ began_ms, ended_ms }) => ended_ms - began_ms)
    .sort((a, b) => a - b);
  return took_ms[Math.floor(took_ms.length * 0.99)] ?? 0;
}

function now_ms(): number {
  return performance.timeOrigin + performance.now();
}
