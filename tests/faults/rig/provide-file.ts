import { existsSync } from "node:fs";
import { runCommand } from "../../../services/standalone/run-command.ts";

const INSTALL_MS_MAX = 120_000;

/** Makes sure that a file is there that a Debian package brings; installs the package where it is not: Debian or Ubuntu, as root. */
export async function provideFile(path: string, debianPackage: string): Promise<void> {
  if (existsSync(path)) return;
  const line = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${debianPackage}`;
  await runCommand("sh", ["-c", line], { ms_max: INSTALL_MS_MAX });
  if (!existsSync(path)) throw new Error(`${path} is missing: apt-get install ${debianPackage}`);
}
