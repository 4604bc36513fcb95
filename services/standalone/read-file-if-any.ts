import { readFileSync } from "node:fs";

/** The text of a file; undefined when there is no such file. Other failures, such as no permission, are thrown. */
export function readFileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
