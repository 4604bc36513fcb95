import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { countHeld } from "../../shared/tallies/count-held.ts";
import type { Fault } from "./rig/round.ts";

const WAIT_MS_MAX = 60_000;

/** Waits until votes are held and others were put off because they came too early, so that `fault` strikes among such. */
export function onceHeld(fault: Fault): Fault {
  return async (scene) => {
    const { bed, pages, backlog } = scene;
    const redis = new Redis(bed.place);
    const until_ms = performance.now() + WAIT_MS_MAX;
    let [held, putOff] = [false, false];
    try {
      while (!held || !putOff) {
        if (performance.now() > until_ms) throw new Error(`held: ${held}, put off: ${putOff}`);
        await pause(20);
        const counts = await Promise.all(pages.map((page) => countHeld(redis, "default", page)));
        held ||= counts.some((count) => count > 0);
        putOff ||= (await backlog.putOff()) > 0;
      }
    } finally {
      redis.disconnect();
    }
    await fault(scene);
  };
}
