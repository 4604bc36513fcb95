/** A process full of viewers, as begin-viewer-process.ts begins it: says so when it listens, and whenever a crowd is complete. */

import type { ViewerCrowd } from "./begin-viewer-process.ts";
import { openRawViewers } from "./raw-viewer.ts";

process.on("message", async (crowd: ViewerCrowd) => {
  await openRawViewers(crowd);
  process.send?.("complete");
});
// Whoever began it is gone.
process.once("disconnect", () => process.exit());
process.send?.("ready");
