import type { FaultScene } from "./rig/round.ts";

/** Kills an API in the middle of its answers, and starts it again. */
export async function killApi({ bed, random }: FaultScene): Promise<void> {
  const api = random.pick(bed.apis);
  await api.kill();
  await api.start();
}
