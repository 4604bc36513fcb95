import { runCommand } from "../../../services/standalone/run-command.ts";
import { provideFile } from "./provide-file.ts";

const COMMAND_MS_MAX = 10_000;

/** As over a line of the smallest size that everybody must take (RFC 9293, section 3.7.1). */
const SEGMENT_BYTES = 536;

/**
 * Whoever connects to `port` from now on takes small segments only. The system's buffers for what is sent to them, which
 * grow with the segments, then hold some hundred kilobytes, as over a real line, and not the megabytes that loopback has.
 * Takes root and `iptables`.
 * @returns what ends it; connections that are there stay as they are
 * @throws Error with what iptables said
 */
export async function smallSegments(port: number): Promise<() => Promise<void>> {
  await provideFile("/usr/sbin/iptables", "iptables");
  await rule("--append", port);
  return () => rule("--delete", port);
}

async function rule(what: "--append" | "--delete", port: number): Promise<void> {
  const beginnings = ["--protocol", "tcp", "--dport", String(port), "--tcp-flags", "SYN,RST", "SYN"];
  const clamp = ["--jump", "TCPMSS", "--set-mss", String(SEGMENT_BYTES)];
  const args = ["--wait", "--table", "mangle", what, "OUTPUT", ...beginnings, ...clamp];
  const { ok, output } = await runCommand("iptables", args, { ms_max: COMMAND_MS_MAX });
  if (!ok) throw new Error(`iptables ${args.join(" ")}: ${output}`);
}
