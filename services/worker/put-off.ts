import { DelayedError, type Job } from "bullmq";

/** How long a job waits whose page's master is being replaced, or whose page is on the move. */
const PUT_OFF_MS = 500;

/**
 * Sends a job back without counting a try, so that no outage, however long, moves it among the failed ones. If that fails, too, the
 * job is left as a killed worker leaves it: once its lock has run out it is taken over.
 * @param report told why it could not be sent back
 * @returns what the job's processor must throw
 */
export async function putOff(
  job: Job<unknown>,
  token: string | undefined,
  report: (error: unknown) => void,
): Promise<DelayedError> {
  // By the host's own clock, as BullMQ has it: see `VoteQueue.addLater`.
  await job.moveToDelayed(Date.now() + PUT_OFF_MS, token).catch(report);
  return new DelayedError();
}
