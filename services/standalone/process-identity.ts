import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Tells one process from a later one that was given the same number, as happens after a reboot, and in a container where
 * every start has the same few numbers. Undefined when no such process runs (one that has ended but was not yet reaped
 * counts as ended).
 */
export function identityOf(pid: number): string | undefined {
  if (process.platform === "linux") return linuxIdentity(pid);
  if (process.platform === "win32") return isRunning(pid) ? "running" : undefined;
  return psIdentity(pid);
}

/** Whether process `pid` runs and is the one that had `identity`. */
export function isSameProcess(pid: number, identity: string): boolean {
  return identityOf(pid) === identity;
}

/** Boot and clock tick at which the process began. */
function linuxIdentity(pid: number): string | undefined {
  try {
    // The second field is the program's name, which may contain blanks and brackets: count from its last bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, started_ticks] = [fields[0], fields[19]];
    if (state === "Z" || state === "X" || started_ticks === undefined) return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${started_ticks}`;
  } catch {
    return undefined;
  }
}

function psIdentity(pid: number): string | undefined {
  try {
    const args = ["-o", "stat=,lstart=", "-p", String(pid)];
    const said = execFileSync("ps", args, {
      encoding: "utf8",
      timeout: 2_000,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C" },
    });
    const [state = "Z", ...began] = said.trim().split(/\s+/);
    return state.startsWith("Z") ? undefined : began.join(" ");
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
