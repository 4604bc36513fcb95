import { openRawViewers } from "./rig/raw-viewer.ts";
import type { Fault } from "./rig/round.ts";

/** `viewers` lose their realtime service and all come back as soon as it listens. */
export function reconnectStorm(viewers: number): Fault {
  return async ({ bed, random, pages, note }) => {
    const realtime = random.pick(bed.realtimes);
    const before = await openRawViewers(realtime.port, pages.slice(0, 1), viewers);
    await realtime.kill();
    for (const socket of before) socket.destroy();
    await realtime.start();
    const began_ms = performance.now();
    const after = await openRawViewers(realtime.port, pages.slice(0, 1), viewers);
    note(`${viewers} viewers current after ${((performance.now() - began_ms) / 1_000).toFixed(1)} s`);
    for (const socket of after) socket.destroy();
  };
}
