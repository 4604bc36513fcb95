/** Compresses files once, as well as it goes, so that no server does it again and worse for every reader. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { gzipAsync } from "@gfx/zopfli";

const TEXT = /\.(?:js|css|html|svg|json)$/;

/** What every reader loads is worth a second of the build: Zopfli finds two in a hundred bytes more than zlib. */
const SMALL_BYTES_MAX = 40_000;

/** Writes `<file>.br` and `<file>.gz` beside every text file of a folder. */
export async function precompress(folder: string): Promise<void> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => TEXT.test(file));
  for (const file of files) {
    const path = join(folder, file);
    const content = readFileSync(path);
    const small = content.length <= SMALL_BYTES_MAX;
    writeFileSync(`${path}.gz`, small ? await gzipAsync(content, {}) : gzipSync(content, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params }));
  }
}
