/** What people open and send without a script: the service's files and pages, what problems mean, and forms. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { PROBLEM_CODES } from "../../shared/contract/problems.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import { type HttpInput, page, site } from "./inputs.ts";

const FILES = readdirSync(fileURLToPath(new URL("../../dist/services/widget/public", import.meta.url)), {
  recursive: true,
}).map((name) => `/${String(name)}`);

const piece = fc.constantFrom(
  "/",
  "//",
  "/.",
  "/..",
  "%2e%2e/",
  "..%2f",
  "%00",
  "%",
  ".br",
  ".gz",
  "?x=%",
  ";",
);

const headerText = fc.string({ maxLength: 40 });

/** Names of files, with something odd somewhere every other time. */
const filePath = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom(...FILES), weight: 4 },
      {
        arbitrary: fc.constantFrom("/dashboard", "/dashboard/", "/docs/", "/docs/swagger-ui.css"),
        weight: 3,
      },
      { arbitrary: fc.constantFrom(...PROBLEM_CODES).map((code) => `/problems/${code}`), weight: 2 },
      { arbitrary: fc.webSegment().map((name) => `/problems/${name}`), weight: 1 },
      { arbitrary: fc.constantFrom("/../../package.json", "/assets", "/dashboard/assets/"), weight: 1 },
    ),
    fc.option(fc.tuple(piece, fc.nat({ max: 30 }))),
  )
  .map(([path, odd]) =>
    odd === null ? path : `/${path.slice(1, 1 + odd[1])}${odd[0]}${path.slice(1 + odd[1])}`,
  );

/** Requests for files, conditional ones and parts too. */
export const fileInputs: fc.Arbitrary<HttpInput> = fc.record({
  method: fc.constantFrom("GET", "GET", "GET", "HEAD", "POST", "OPTIONS"),
  path: filePath,
  headers: fc.record(
    {
      range: fc.oneof(
        headerText,
        fc.constantFrom("bytes=0-1", "bytes=9-1", "bytes=-1,0-", "bytes=99999999-", "x=1"),
      ),
      "if-none-match": fc.oneof(headerText, fc.constant("*")),
      "if-match": fc.oneof(headerText, fc.constant("*")),
      "if-modified-since": fc.oneof(headerText, fc.constant("Thu, 01 Jan 2026 00:00:00 GMT")),
      "if-unmodified-since": fc.constantFrom("Thu, 01 Jan 1970 00:00:01 GMT", "x"),
      "accept-encoding": fc.constantFrom("gzip", "br", "br;q=0", "identity;q=0", "*", "x"),
      accept: headerText,
    },
    { requiredKeys: [] },
  ),
  body: fc.constant(undefined),
});

/** A form as browsers send it, or nearly. */
export const formInputs: fc.Arbitrary<HttpInput> = fc.record({
  method: fc.constant("POST"),
  path: site.map((name) => `/v1/sites/${name}/votes`),
  headers: fc.record(
    {
      "content-type": fc.constantFrom(
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=UTF-8",
        "application/x-www-form-urlencoded;charset=utf-16",
      ),
      origin: fc.constantFrom("https://news.example", "null", "x"),
      referer: fc.oneof(headerText, fc.constant("https://news.example/a?b#c")),
      "x-forwarded-for": headerText,
    },
    { requiredKeys: ["content-type"] },
  ),
  body: fc.oneof(
    { arbitrary: fields().map((pairs) => new URLSearchParams(pairs).toString()), weight: 8 },
    // Not escaped as it should be.
    { arbitrary: fields().map((pairs) => pairs.map((pair) => pair.join("=")).join("&")), weight: 2 },
    { arbitrary: fc.string({ unit: "binary", maxLength: 300 }), weight: 1 },
    { arbitrary: fc.constantFrom("", "page", "=", "&&", "%", `page=${"x".repeat(9_000)}`), weight: 1 },
  ),
});

/** Each field once, most of the time. */
function fields(): fc.Arbitrary<[string, string][]> {
  const address = fc.oneof(fc.webUrl(), fc.constantFrom("https://news.example/a", "javascript:1", "//x", ""));
  const reaction = fc.oneof(
    { arbitrary: fc.constantFrom<string>(...DEFAULT_REACTIONS, ""), weight: 8 },
    { arbitrary: fc.constantFrom("GREAT", "great\r\n", "null"), weight: 1 },
  );
  const pair = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<[string, string]> =>
    value.map((text) => [name, text]);
  return fc
    .tuple(
      pair("page", fc.oneof(page, fc.constant("https://news.example/a"))),
      pair("reaction", reaction),
      fc.array(
        fc.oneof(
          { arbitrary: pair("return", address), weight: 4 },
          { arbitrary: pair("signature", headerText), weight: 2 },
          { arbitrary: pair("page", page), weight: 1 },
          { arbitrary: pair("__proto__", headerText), weight: 1 },
        ),
        { maxLength: 2 },
      ),
      fc.nat({ max: 9 }),
    )
    .map(([first, second, more, without]) =>
      [first, second, ...more].filter((_, index) => index !== without - 7),
    );
}
