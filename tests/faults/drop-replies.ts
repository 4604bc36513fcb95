import { networksOf } from "./rig/parts-of-bed.ts";
import type { FaultScene } from "./rig/round.ts";

/** Replies lost in one round. */
export const REPLIES_A_ROUND = 20;

/** What stands in the commands whose replies are lost: a commit, a tally, and the end of a job. */
const COMMANDS = [
  { of: "api", command: '"votes":[[' },
  { of: "worker", command: ":page\r\n" },
  { of: "worker", command: ":completed\r\n" },
] as const;

/** Loses the reply to commands that have run, again and again: whoever sent them cannot know whether they did. */
export async function dropReplies(scene: FaultScene): Promise<void> {
  const networks = networksOf(scene);
  for (let lost = 0; lost < REPLIES_A_ROUND; lost++) {
    const { of, command } = scene.random.pick(COMMANDS);
    await networks[of].loseReplyTo(command);
  }
}
