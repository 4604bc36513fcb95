import { inTurn, networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** Replies lost in one round. */
export const REPLIES_A_ROUND = 20;

/**
 * What stands in the commands whose replies are lost, each of them several times in a round: commits of votes over HTTP and
 * over sockets, a tally, the end of a job, and what viewers depend on, a read and a subscription.
 */
const COMMANDS = [
  { of: "api", command: '"votes":[[', writes: true },
  { of: "realtime", command: '"votes":[[', writes: true },
  { of: "worker", command: ":page\r\n", writes: true },
  { of: "realtime", command: "hmget\r\n", writes: false },
  { of: "worker", command: ":completed\r\n", writes: true },
  // Said at the beginning of a connection only.
  { of: "realtime", command: "subscribe\r\n", writes: false, anew: true },
] as const;

/** Loses the reply to commands that have run, again and again: whoever sent them cannot know whether they did. */
export async function dropReplies(scene: FaultScene): Promise<void> {
  const networks = networksOf(scene);
  let written = 0;
  for (let lost = 0; lost < REPLIES_A_ROUND; lost++) {
    const drop = inTurn(lost, COMMANDS);
    const network = networks[drop.of];
    if ("anew" in drop) {
      network.cut();
      network.mend();
    }
    await network.loseReplyTo(drop.command);
    if (drop.writes) written++;
  }
  scene.measured(`of ${REPLIES_A_ROUND} lost replies of a round, to commands that write`, written, "");
}
