import type { FaultScene } from "./rig/round.ts";

/** Kills a realtime service with its viewers' sockets, and starts it again. */
export async function killRealtime({ bed, random }: FaultScene): Promise<void> {
  const realtime = random.pick(bed.realtimes);
  await realtime.kill();
  await realtime.start();
}
