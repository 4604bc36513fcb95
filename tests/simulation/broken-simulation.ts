/** The simulation with one fault planted in the service's code: what it does not find then it would not find at all. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A line of the service's code as it is, and as it would be wrong. */
export interface PlantedFault {
  /** From the top folder. */
  readonly file: string;
  /** Stands there once. */
  readonly right: string;
  readonly wrong: string;
}

/** @throws when the code has changed so that the fault cannot be planted any more: then plant it anew */
export async function loadBroken({
  file,
  right,
  wrong,
}: PlantedFault): Promise<typeof import("./simulate.ts")> {
  const place = `${ROOT}${file}`;
  let planted = false;
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("simulate.ts", import.meta.url))],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    packages: "external",
    plugins: [
      {
        name: "plant",
        setup({ onLoad }) {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const code = readFileSync(path, "utf8");
            const here = path === place;
            if (here && code.split(right).length !== 2)
              throw new Error(`${file} does not have it once: ${right}`);
            planted ||= here;
            // Scripts are read from beside the module.
            const url = JSON.stringify(pathToFileURL(path).href);
            const contents = (here ? code.replace(right, () => wrong) : code).replaceAll(
              "import.meta.url",
              url,
            );
            return { contents, loader: "ts" };
          });
        },
      },
    ],
  });
  if (!planted) throw new Error(`${file} is no part of the simulation`);
  const module: { exports: Partial<typeof import("./simulate.ts")> } = { exports: {} };
  const run = new Function("require", "module", "exports", bundle.outputFiles[0]?.text ?? "");
  run(createRequire(import.meta.url), module, module.exports);
  const { simulate } = module.exports;
  if (simulate === undefined) throw new Error("the broken simulation could not be loaded");
  return { simulate };
}
