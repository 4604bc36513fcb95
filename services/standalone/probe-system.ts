/** The probes of find-redis, asked of the real system. */
import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import type { ImageAnswer, RedisProbes } from "./find-redis.ts";
import { installRedisPackage } from "./install-redis-package.ts";
import { parseVersion } from "./redis-version.ts";
import { runCommand } from "./run-command.ts";

/** Longest that a program may take to tell its version, and an engine whether it is there. */
const ANSWER_MS_MAX = 4_000;
/** Longest that fetching an image may take. */
const FETCH_MS_MAX = 120_000;

/**
 * @param env where PATH is read from
 * @param announce hears one line before an image is fetched
 */
export function probeSystem(
  env: Readonly<Record<string, string | undefined>>,
  announce: (line: string) => void,
): RedisProbes {
  return {
    isExecutable,
    onPath: async (program) => {
      for (const folder of (env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
        const path = resolve(folder, program);
        if (await isExecutable(path)) return path;
      }
      return undefined;
    },
    versionOf: async (path) => {
      const { ok, output } = await runCommand(path, ["--version"], { ms_max: ANSWER_MS_MAX });
      return ok ? parseVersion(output) : undefined;
    },
    askForImage: (image) => askForImage(image, announce),
    canInstallPackages: async () => process.getuid?.() === 0 && isDebianLike(await osRelease()),
    installPackage: installRedisPackage,
  };
}

/** Whether a container engine answers within a few seconds. */
export async function engineAnswers(): Promise<boolean> {
  return (await securityOptions()) !== undefined;
}

/** Whether the text of `/etc/os-release` names Debian, Ubuntu, or a system that says it is like them. */
export function isDebianLike(text: string): boolean {
  const ids = [...text.matchAll(/^ID(?:_LIKE)?=(.*)$/gm)].flatMap(([, value = ""]) =>
    value.replaceAll(/["']/g, "").split(" "),
  );
  return ids.includes("debian") || ids.includes("ubuntu");
}

async function askForImage(image: string, announce: (line: string) => void): Promise<ImageAnswer> {
  const options = await securityOptions();
  if (options === undefined) return { kind: "no engine" };
  const ready = { kind: "ready", rootless: options.includes("name=rootless") } as const;
  if ((await runCommand("docker", ["image", "inspect", image], { ms_max: ANSWER_MS_MAX })).ok) return ready;
  announce(`Fetching the image ${image} with Docker.`);
  const pulled = await runCommand("docker", ["pull", "--quiet", image], { ms_max: FETCH_MS_MAX });
  return pulled.ok ? ready : { kind: "no image", why: pulled.output };
}

/** What the engine says of its security; undefined when none answers (`docker info` alone succeeds without one). */
async function securityOptions(): Promise<string | undefined> {
  const format = "{{.ServerVersion}} {{.SecurityOptions}}";
  const { ok, output } = await runCommand("docker", ["info", "--format", format], { ms_max: ANSWER_MS_MAX });
  return ok && /^\d/.test(output) ? output : undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function osRelease(): Promise<string> {
  try {
    return await readFile("/etc/os-release", "utf8");
  } catch {
    return "";
  }
}
