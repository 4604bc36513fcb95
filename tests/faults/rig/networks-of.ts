import type { FaultScene } from "./round.ts";
import type { Networks } from "./test-bed.ts";

/** The networks of a bed that was started with some. */
export function networksOf({ bed }: FaultScene): Networks {
  if (bed.networks === undefined) throw new Error("this fault needs a bed with networks");
  return bed.networks;
}
