import { existsSync, readFileSync } from "node:fs";
import { isObject } from "../../shared/contract/object.ts";

/** The version in the package.json above this file, whether it runs as source or compiled. */
export function packageVersion(): string {
  for (const up of ["../../", "../../../"]) {
    const file = new URL(`${up}package.json`, import.meta.url);
    if (!existsSync(file)) continue;
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (isObject(manifest) && typeof manifest.version === "string") return manifest.version;
  }
  return "0.0.0";
}
