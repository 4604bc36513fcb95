/** A network that is cut between hosts of this machine: packets are dropped, so that neither side is told. */
import { runCommand } from "../../services/standalone/run-command.ts";

const COMMAND_MS_MAX = 10_000;

/** From one address to another. */
type Way = readonly [string, string];

/**
 * Drops whatever `some` send to `others` and the other way round; connections stay open, as over a line that is dead.
 * Takes root and `iptables`.
 *
 * @param some addresses of 127/8
 * @returns what mends the line
 * @throws Error with what iptables said
 */
export async function cutHosts(
  some: readonly string[],
  others: readonly string[],
): Promise<() => Promise<void>> {
  const ways = some.flatMap((one): Way[] =>
    others.flatMap((other): Way[] => [
      [one, other],
      [other, one],
    ]),
  );
  const cut: Way[] = [];
  const mend = async (): Promise<void> => {
    for (const way of cut.splice(0)) await rule("--delete", way);
  };
  try {
    for (const way of ways) {
      await rule("--append", way);
      cut.push(way);
    }
  } catch (error) {
    await mend();
    throw error;
  }
  return mend;
}

async function rule(what: "--append" | "--delete", [from, to]: Way): Promise<void> {
  const args = ["--wait", what, "INPUT", "--source", from, "--destination", to, "--jump", "DROP"];
  const { ok, output } = await runCommand("iptables", args, { ms_max: COMMAND_MS_MAX });
  if (!ok) throw new Error(`iptables ${args.join(" ")}: ${output}`);
}
