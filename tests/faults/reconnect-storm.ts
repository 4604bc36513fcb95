import { setTimeout as pause } from "node:timers/promises";
import type { Fault, FaultScene } from "./rig/round.ts";
import { beginViewerProcesses } from "./rig/viewer-processes.ts";

/** How long votes are timed while all viewers sit still: a hundredth of them must be more than a few. */
const CALM_MS = 10_000;

/** The process that is left has viewers of its own, and has let people in before. */
const ELSEWHERE = 500;

/** The machines that this runs on have two cores. */
const PROCESSES = 2;

/**
 * `viewers` lose their realtime process and come back at once, wherever a balancer sends them: to the process that is left, and
 * to the one that was lost as soon as it listens again.
 */
export function reconnectStorm(viewers: number): Fault {
  return async (scene) => {
    const { bed, random, pages, measured } = scene;
    const realtime = random.pick(bed.realtimes);
    const crowd = { pages: pages.slice(0, 1), count: viewers };
    const [before, after] = await Promise.all([
      beginViewerProcesses(PROCESSES),
      beginViewerProcesses(PROCESSES),
    ]);
    try {
      const left = bed.realtimes.filter((one) => one !== realtime).map(({ port }) => port);
      await before.open({ ...crowd, ports: [realtime.port] });
      await after.open({ ...crowd, count: ELSEWHERE, ports: left });
      const calm_ms = now_ms();
      await pause(CALM_MS);
      measured("vote p99 before", voteP99_ms(scene, calm_ms), "ms");
      await realtime.kill();
      before.kill();
      const began_ms = now_ms();
      const ports = bed.realtimes.map(({ port }) => port);
      await Promise.all([realtime.start(), after.open({ ...crowd, ports })]);
      measured("all current after", (now_ms() - began_ms) / 1_000, "s");
      measured("vote p99 meanwhile", voteP99_ms(scene, began_ms), "ms");
    } finally {
      before.kill();
      after.kill();
    }
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
