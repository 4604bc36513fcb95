import { setTimeout as pause } from "node:timers/promises";
import type { ServiceProcess } from "../support/service-process.ts";
import { beginViewerProcess } from "./rig/begin-viewer-process.ts";
import { now_ms } from "./rig/clock.ts";
import { HANDSHAKES_MAX } from "./rig/raw-viewer.ts";
import type { Fault, FaultScene } from "./rig/round.ts";
import { timesBefore, voteP99_ms } from "./rig/vote-p99.ts";

/** How long votes are timed while all viewers sit still: a hundredth of them must be more than a few. */
const CALM_MS = 10_000;

/** The processes have viewers that keep their connections, and have let people in before. */
const OTHERS = 500;

/** What is measured, in seconds: not all of them knock at the same moment. */
export const ALL_CURRENT_AFTER = `all current after, at most ${HANDSHAKES_MAX} handshakes under way`;

/** `viewers` lose their connections, as with a balancer that starts again, and come back as fast as `HANDSHAKES_MAX` lets them. */
export function reconnectStorm(viewers: number): Fault {
  return storm(viewers, ({ bed }) => ({
    theirs: bed.realtimes,
    others: bed.realtimes,
    lose: async () => [],
  }));
}

/**
 * `viewers` lose their realtime process and come back as fast, wherever a balancer sends them: to the process that is left, and
 * to the one that was lost as soon as it listens again.
 */
export function loseRealtime(viewers: number): Fault {
  return storm(viewers, ({ bed, random }) => {
    const lost = random.pick(bed.realtimes);
    return {
      theirs: [lost],
      others: bed.realtimes.filter((one) => one !== lost),
      lose: async () => {
        await lost.kill();
        return [lost.start()];
      },
    };
  });
}

interface StormPlan {
  /** Where those are who will come back, and who will not have to. */
  readonly theirs: readonly ServiceProcess[];
  readonly others: readonly ServiceProcess[];
  /** What their connections are lost by; resolves to what must be there again when the storm is over. */
  readonly lose: () => Promise<readonly Promise<void>[]>;
}

function storm(viewers: number, planFor: (scene: FaultScene) => StormPlan): Fault {
  return async (scene) => {
    const { bed, pages, measured } = scene;
    const { theirs, others, lose } = planFor(scene);
    const [page = ""] = pages;
    const crowd = { pages: [page], count: viewers };
    const [before, after] = await Promise.all([beginViewerProcess(), beginViewerProcess()]);
    try {
      await before.open({ ...crowd, ports: portsOf(theirs) });
      await after.open({ ...crowd, count: OTHERS, ports: portsOf(others) });
      const calm_ms = now_ms();
      await pause(CALM_MS);
      const before_ms = voteP99_ms(scene.history, calm_ms);
      measured("vote p99 before", before_ms, "ms");
      const awaited = await lose();
      before.kill();
      const began_ms = now_ms();
      const back = { ...crowd, ports: portsOf(bed.realtimes), rev: newestTold(scene, page) };
      await Promise.all([...awaited, after.open(back)]);
      measured(ALL_CURRENT_AFTER, (now_ms() - began_ms) / 1_000, "s");
      const meanwhile_ms = voteP99_ms(scene.history, began_ms);
      measured("vote p99 meanwhile", meanwhile_ms, "ms");
      measured("vote p99 meanwhile to before", timesBefore(meanwhile_ms, before_ms), "×");
    } finally {
      before.kill();
      after.kill();
    }
  };
}

/** The newest revision of a page that anybody was sent: whoever is current is told that or a newer one. */
function newestTold({ history }: FaultScene, page: string): number {
  return history.seen.reduce(
    (newest, { counts }) => (counts.page === page ? Math.max(newest, counts.rev) : newest),
    0,
  );
}

function portsOf(services: readonly ServiceProcess[]): readonly number[] {
  return services.map(({ port }) => port);
}
