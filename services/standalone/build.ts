/** `npm run build`: compiles the services to `dist`, puts the Lua scripts beside them, bundles the demo page. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "dist");

rmSync(dist, { recursive: true, force: true });

const compiled = spawnSync(
  process.execPath,
  [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"],
  {
    cwd: root,
    stdio: "inherit",
  },
);
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

const scripts = "shared/tallies";
for (const file of readdirSync(join(root, scripts)).filter((name) => name.endsWith(".lua"))) {
  cpSync(join(root, scripts, file), join(dist, scripts, file));
}

const page = join(dist, "services/widget/public");
mkdirSync(dirname(page), { recursive: true });
cpSync(join(root, "services/widget/page"), page, { recursive: true });
await build({
  entryPoints: [join(root, "services/widget/demo.ts")],
  outdir: page,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
});

// npm marks the command executable where it links it; in this folder it is run as it is.
chmodSync(join(dist, "services/moderation/main.js"), 0o755);
