/** `/openapi.json`, `/docs` (Swagger UI, served from here), and what each problem code means. */
import { Router, static as serveFolder } from "express";
// The package itself would load all of what browsers run, which takes a quarter of a second.
import absolutePath from "swagger-ui-dist/absolute-path.js";
import { PROBLEM_CODES, problem, Refusal } from "../../shared/contract/problems.ts";
import { openApiDocument } from "./openapi.ts";
import { unconditionally } from "./unconditionally.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reader Reactions: the API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true });\n`;

/** Swagger UI styles its own elements inline. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** @param version of the package */
export function docsRoutes(version: string): Router {
  const router = Router();
  const document = openApiDocument(version);
  router.get("/openapi.json", (_request, response) => {
    response.set("cache-control", "public, max-age=60").json(document);
  });
  router.get("/docs", (_request, response) => {
    response.set("content-security-policy", DOCS_POLICY).type("html").send(PAGE);
  });
  router.get("/docs/start.js", (_request, response) => {
    response.type("js").send(START);
  });
  router.use(
    "/docs",
    unconditionally,
    serveFolder(absolutePath(), { index: false, maxAge: "1h", acceptRanges: false }),
  );
  router.get("/problems/:code", (request, response) => {
    const code = PROBLEM_CODES.find((known) => known === request.params.code);
    if (code === undefined) throw new Refusal("route_unknown");
    response.json(problem(code));
  });
  return router;
}
