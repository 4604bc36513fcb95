/**
 * `npm run build`: compiles the services to `dist`, puts the Lua scripts beside them, bundles what browsers load. With
 * `--if-stale` only when a source is newer than the last build, so that services of one host may be started side by side.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, bundleLocales } from "./bundle.ts";
import { bundleDashboard } from "./bundle-dashboard.ts";
import { fillForm } from "./fill-form.ts";
import { precompress } from "./precompress.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const target = join(root, "dist");
const stamp = join(target, "built");
if (process.argv.includes("--if-stale") && isFresh()) process.exit(0);
// Built beside it and put in its place at the end: a service that starts meanwhile finds a whole one.
const dist = join(root, `dist.${process.pid}`);

const compiled = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json", "--outDir", dist],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (compiled.status !== 0) {
  rmSync(dist, { recursive: true, force: true });
  process.exit(compiled.status ?? 1);
}

for (const scripts of ["shared/runtime", "shared/tallies", "shared/votes"])
  for (const file of readdirSync(join(root, scripts)).filter((name) => name.endsWith(".lua")))
    cpSync(join(root, scripts, file), join(dist, scripts, file));

const pages = join(dist, "services/widget/public");
cpSync(join(root, "services/widget/page"), pages, { recursive: true });
fillForm(join(pages, "index.html"));
const widget = join(root, "services/widget");
const locales = await bundleLocales(join(widget, "locales"), pages);
for (const entry of ["widget", "hot-pages", "embed", "demo"])
  await bundle(join(widget, `${entry}.ts`), pages, { LOCALES_HASH: JSON.stringify(locales) });
await bundleDashboard(join(root, "services/dashboard"), join(pages, "dashboard"));
await precompress(pages);

// npm marks the command executable where it links it; in this folder it is run as it is.
chmodSync(join(dist, "services/moderation/main.js"), 0o755);

writeFileSync(join(dist, "built"), "");
const old = `${dist}.old`;
if (existsSync(target)) renameSync(target, old);
renameSync(dist, target);
rmSync(old, { recursive: true, force: true });

function isFresh(): boolean {
  if (!existsSync(stamp)) return false;
  const built_ms = statSync(stamp).mtimeMs;
  return ["shared", "services", "package-lock.json", "tsconfig.json", "tsconfig.build.json"].every((part) => {
    const path = join(root, part);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: "utf8" }).map((file) => join(path, file))
      : [path];
    return files.every((file) => statSync(file).mtimeMs <= built_ms);
  });
}
