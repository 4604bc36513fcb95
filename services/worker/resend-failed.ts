/** `npm run votes:resend`: puts the jobs of votes that failed for good back into their queues. */
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { runService } from "../../shared/runtime/run-service.ts";
import { FailedJobs } from "./failed-jobs.ts";

await runService("resend", async (config, lifecycle, log) => {
  const redis = openRedis("worker", config, lifecycle, log);
  const failed = new FailedJobs(redis, config.queueShards, (error) =>
    log.warn({ reason: error.message }, "queue"),
  );
  lifecycle.onStop("failed jobs", () => failed.close());
  process.stdout.write(`${await failed.sendAgain()} failed jobs were sent again.\n`);
  await lifecycle.stop();
});
