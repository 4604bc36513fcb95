/** Puts what is compared, and the library that draws, into temporary folders from npm's registry: nothing of it belongs to the project. */
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const own: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL("../../../package.json", import.meta.url), "utf8"),
);
/** In the version that this project has. */
const ours = (...names: readonly string[]): string[] =>
  names.map((name) => `${name}@${own.dependencies[name]}`);
const ADAPTER = ["@socket.io/redis-adapter@8.3.0", "socket.io-adapter@2.5.5"];

/** What is installed: exact versions, and what must be compiled because its ready-made binary is not in the registry. */
const INSTALLED = {
  waline: { packages: ["@waline/vercel@1.39.3"], compile: ["sqlite3"] },
  "waline-client": { packages: ["@waline/client@3.15.2"], compile: [] },
  parse: { packages: ["parse-server@9.10.0"], compile: [] },
  adapter: { packages: ADAPTER, compile: [] },
  // What the two that people would write themselves need, to see how large that is.
  afternoon: { packages: ours("express", "ioredis", "socket.io"), compile: [] },
  "job-each": { packages: [...ours("express", "ioredis", "socket.io", "bullmq"), ...ADAPTER], compile: [] },
  charts: { packages: ["echarts@6.1.0"], compile: [] },
} satisfies Record<string, { readonly packages: readonly string[]; readonly compile: readonly string[] }>;

export type Installed = keyof typeof INSTALLED;

const run = promisify(execFile);

/** The folder that holds `node_modules` of it; kept for the next run, so that only the first one waits for minutes. */
export async function install(name: Installed): Promise<string> {
  const { packages, compile } = INSTALLED[name];
  const versions = packages.map((spec) => spec.replaceAll(/[@/]+/g, "-")).join("");
  const folder = join(tmpdir(), "reader-reactions-peers", `${name}${versions}`);
  const complete = join(folder, "complete");
  if (existsSync(complete)) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  process.stdout.write(`installing ${packages.join(", ")} …\n`);
  const npm = (...args: string[]) => run("npm", args, { cwd: folder, maxBuffer: 1 << 26 });
  await npm("install", "--ignore-scripts", "--no-audit", "--no-fund", ...packages);
  if (compile.length > 0) await npm("rebuild", "--ignore-scripts=false", ...compile);
  writeFileSync(complete, "");
  return folder;
}

/** Versions as the results name them. */
export const versionOf = (name: Installed): string => INSTALLED[name].packages[0] ?? "";
