/** A process full of viewers, as viewer-processes.ts begins it: says so when it listens, and whenever a crowd is complete. */
import { openRawViewers } from "./raw-viewer.ts";
import type { ViewerCrowd } from "./viewer-processes.ts";

process.on("message", async (crowd: ViewerCrowd) => {
  await openRawViewers(crowd);
  process.send?.("complete");
});
// Whoever began it is gone.
process.once("disconnect", () => process.exit());
process.send?.("ready");
