/**
 * Bundles browser code: each entry under its own name, what it loads later under names that hold a hash of the content. A
 * bundler's own splitting would put what two parts share into a third file, and the entry would need that, too, before it
 * could draw; here every part is whole, and what parts share is passed to them.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * Writes `<name>.js` into `folder`, and what it imports at run time as `assets/<part>-<hash>.js`: those may be cached for ever.
 * @param entry path of `<name>.ts`
 * @param define values of constants that the code declares
 */
export async function bundle(
  entry: string,
  folder: string,
  define: Readonly<Record<string, string>> = {},
): Promise<void> {
  write(folder, `${nameOf(entry)}.js`, await compile(entry, folder, define, "./assets/"));
}

/**
 * Writes a script or a style sheet as `assets/<name>-<hash>.<js|css>`.
 * @param entry path of the source: `.ts`, `.tsx` or `.css`
 * @returns the file's name
 */
export async function bundleHashed(
  entry: string,
  folder: string,
  define: Readonly<Record<string, string>> = {},
): Promise<string> {
  const content = await compile(entry, folder, define);
  const kind = extname(entry);
  const name = `${basename(entry, kind)}-${hashOf(content)}.${kind === ".css" ? "css" : "js"}`;
  write(folder, `assets/${name}`, content);
  return name;
}

/**
 * Writes every language of a folder as `assets/<name>-<hash>.js`, all with one hash.
 * @returns the hash
 */
export async function bundleLocales(locales: string, folder: string): Promise<string> {
  const files = readdirSync(locales).filter(
    (file) => !/^(?:en|en-sentences|locale|load-locale)\.ts$/.test(file),
  );
  const compiled = await Promise.all(files.map((file) => compile(join(locales, file), folder)));
  const hash = hashOf(compiled.join());
  for (const [index, file] of files.entries())
    write(folder, `assets/${nameOf(file)}-${hash}.js`, compiled[index] ?? "");
  return hash;
}

/** @param beside where the parts lie, as seen from the result */
async function compile(
  entry: string,
  folder: string,
  define: Readonly<Record<string, string>> = {},
  beside = "./",
): Promise<string> {
  const parts: Plugin = {
    name: "parts",
    setup({ onResolve }) {
      onResolve({ filter: /^\..*\.ts$/ }, async ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const content = await compile(resolve(resolveDir, path), folder, define);
        const name = `${nameOf(path)}-${hashOf(content)}.js`;
        write(folder, `assets/${name}`, content);
        return { path: beside + name, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
    plugins: [parts],
    // Browsers have a websocket of their own, and never load this one.
    external: ["ws"],
    define,
  });
  return outputFiles[0]?.text ?? "";
}

function write(folder: string, name: string, content: string): void {
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, name), content);
}

function nameOf(path: string): string {
  return basename(path, ".ts");
}

function hashOf(content: string): string {
  return createHash("sha256").update(content).digest("base64url").replace(/[_-]/g, "").slice(0, 8);
}
