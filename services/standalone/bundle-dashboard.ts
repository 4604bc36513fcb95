/** Bundles the dashboard: one script, one style sheet, its languages, and the page that names them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { bundleHashed, bundleLocales } from "./bundle.ts";

/**
 * @param source folder of the dashboard's code
 * @param folder where `index.html` and `assets` come to lie; served as `/dashboard/`
 */
export async function bundleDashboard(source: string, folder: string): Promise<void> {
  const locales = join(source, "locales");
  const hash = await bundleLocales(locales, folder);
  const names = readdirSync(locales).map((file) => basename(file, ".ts"));
  const script = await bundleHashed(join(source, "main.tsx"), folder, {
    LOCALES: JSON.stringify(names),
    LOCALES_HASH: JSON.stringify(hash),
  });
  const style = await bundleHashed(join(source, "page/dashboard.css"), folder);
  const html = readFileSync(join(source, "page/index.html"), "utf8");
  writeFileSync(
    join(folder, "index.html"),
    html
      .replace("/dashboard/main.js", `/dashboard/assets/${script}`)
      .replace("/dashboard/dashboard.css", `/dashboard/assets/${style}`),
  );
}
