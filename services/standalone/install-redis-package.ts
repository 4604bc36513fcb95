/** The system's own Redis package on Debian and Ubuntu, without the system service that it would start. */
import { rm, writeFile } from "node:fs/promises";
import { isNewEnough, parseCandidate } from "./redis-version.ts";
import { runCommand } from "./run-command.ts";

const PACKAGE = "redis-server";
const UPDATE_MS_MAX = 120_000;
const INSTALL_MS_MAX = 300_000;
const ANSWER_MS_MAX = 10_000;

/** Packages ask this program whether they may start services; 101 means no. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d";
const NO_SERVICES =
  "#!/bin/sh\n# Made by Reader Reactions while it installs redis-server; may be deleted.\nexit 101\n";

/** Installs the package as root; resolves to the reason when it was not installed, never rejects. */
export async function installRedisPackage(): Promise<string | undefined> {
  const updated = await apt(["update"], UPDATE_MS_MAX);
  const policy = await runCommand("apt-cache", ["policy", PACKAGE], {
    ms_max: ANSWER_MS_MAX,
    env: { LC_ALL: "C" },
  });
  const candidate = parseCandidate(policy.output);
  if (candidate === undefined) return updated.ok ? "there is no such package" : lastLine(updated.output);
  // An old one would be of no use to us and only be left behind.
  if (!isNewEnough(candidate)) return `this system has version ${candidate}`;
  return withoutServices(async () => {
    const installed = await apt(["install", "--yes", "--no-install-recommends", PACKAGE], INSTALL_MS_MAX);
    if (!installed.ok) return lastLine(installed.output);
    // Otherwise the next boot would start a second Redis that nobody asked for.
    await runCommand("update-rc.d", [PACKAGE, "disable"], { ms_max: ANSWER_MS_MAX });
    return undefined;
  });
}

async function withoutServices<T>(install: () => Promise<T>): Promise<T> {
  let ours = false;
  try {
    await writeFile(SERVICE_POLICY, NO_SERVICES, { mode: 0o755, flag: "wx" });
    ours = true;
  } catch {
    // There is a policy already (images of Debian have one that says no): it is not ours to change.
  }
  try {
    return await install();
  } finally {
    if (ours) await rm(SERVICE_POLICY, { force: true });
  }
}

function apt(args: readonly string[], ms_max: number) {
  // RUNLEVEL=1: no service belongs to it, for the systems whose packages do not ask the policy.
  const env = { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1", LC_ALL: "C" };
  // SIGTERM: a package manager must be let finish what it writes.
  const bounds = { ms_max, env, killSignal: "SIGTERM" } as const;
  return runCommand("apt-get", ["-o", "DPkg::Lock::Timeout=60", ...args], bounds);
}

function lastLine(text: string): string {
  return text.split("\n").at(-1) ?? text;
}
