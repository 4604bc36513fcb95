/** `npm run build`: compiles the services to `dist`, puts the Lua scripts beside them, bundles what browsers load. */
import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, bundleLocales } from "./bundle.ts";
import { precompress } from "./precompress.ts";

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

const pages = join(dist, "services/widget/public");
cpSync(join(root, "services/widget/page"), pages, { recursive: true });
const widget = join(root, "services/widget");
const locales = await bundleLocales(join(widget, "locales"), pages);
for (const entry of ["widget", "hot-pages", "embed", "demo"])
  await bundle(join(widget, `${entry}.ts`), pages, { LOCALES_HASH: JSON.stringify(locales) });
precompress(pages);
