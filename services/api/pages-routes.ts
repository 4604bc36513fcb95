/** The pages for people: the demo at `/`, as the build left it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Router, static as serveFolder } from "express";

/** Beside the compiled services, or in `dist` when these run as source. */
const FOLDERS = ["../widget/public/", "../../dist/services/widget/public/"];

export function pagesRoutes(): Router {
  const router = Router();
  const folder = FOLDERS.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(`${path}index.html`),
  );
  if (folder !== undefined) router.use(serveFolder(folder, { maxAge: "1m" }));
  return router;
}
