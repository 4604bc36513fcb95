/** What is thrown at the service: mostly nearly right, because what is plainly wrong never gets far. */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";

/** A request that Node's own client can send. */
export interface HttpInput {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** An event with its arguments. */
export interface EventInput {
  readonly event: string;
  readonly payload: unknown;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "null", "0", "-1", "NaN"];

/** Anything that JSON can say, deep and wide now and then. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom<unknown>(...NAMES, 1e308, -0, 2 ** 53, [], {}, [[]], { __proto__: { ok: true } }),
);

/** Rightly formed most of the time, else anything. */
function mostly<Value>(right: fc.Arbitrary<Value>, weight = 8): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: right, weight }, { arbitrary: anything, weight: 1 });
}

/** Pages of few names, so that votes meet; and such that only almost are page ids. */
export const page = fc.oneof(
  { arbitrary: fc.nat({ max: 50 }).map((n) => `fuzz-${n}`), weight: 6 },
  { arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), weight: 2 },
  { arbitrary: fc.string({ unit: "binary", maxLength: 600 }), weight: 1 },
  {
    arbitrary: fc.constantFrom(...NAMES, "{x}", "a}:page", "#x", "\u0000", "\ud800", "x".repeat(513)),
    weight: 1,
  },
);

const reaction = fc.oneof(
  { arbitrary: fc.constantFrom<string | null>(...DEFAULT_REACTIONS, null), weight: 8 },
  { arbitrary: fc.constantFrom(...NAMES, "GREAT", "great ", "a-b"), weight: 1 },
);

/** A genuine token, one with a flipped character, or none. */
function voterOf(tokens: readonly string[]): fc.Arbitrary<string | undefined> {
  const genuine = fc.constantFrom(...tokens);
  const bent = fc
    .tuple(genuine, fc.nat({ max: 60 }), fc.string({ maxLength: 3 }))
    .map(([token, at, text]) => token.slice(0, at) + text + token.slice(at + 1));
  return fc.oneof({ arbitrary: genuine, weight: 8 }, { arbitrary: bent, weight: 2 }, fc.constant(undefined));
}

function voteOf(tokens: readonly string[]): fc.Arbitrary<unknown> {
  return mostly(
    fc.record(
      {
        page: mostly(page, 12),
        reaction: mostly(reaction, 12),
        voter: mostly(voterOf(tokens), 12),
        // Right ones are the limited phase's.
        signature: mostly(fc.string({ maxLength: 130 }), 12),
        solution: anything,
        more: anything,
      },
      { requiredKeys: ["page", "reaction", "voter"] },
    ),
    14,
  );
}

const pages = mostly(fc.record({ pages: mostly(fc.array(mostly(page), { maxLength: 120 })) }));

/** JSON text, sometimes cut off, sometimes with something in the middle. */
function textOf(value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const whole = value.map((body) => JSON.stringify(body) ?? "");
  return fc.oneof(
    { arbitrary: whole, weight: 10 },
    { arbitrary: fc.tuple(whole, fc.nat({ max: 100 })).map(([text, end]) => text.slice(0, end)), weight: 1 },
    {
      arbitrary: fc
        .tuple(whole, fc.nat({ max: 40 }), fc.string({ unit: "binary", maxLength: 6 }))
        .map(([text, at, odd]) => text.slice(0, at) + odd + text.slice(at)),
      weight: 1,
    },
    {
      arbitrary: fc.constantFrom("", "[".repeat(5_000), `"${"x".repeat(9_000)}"`, "\uFEFF{}", "1e999"),
      weight: 1,
    },
  );
}

const headerText = fc.string({ maxLength: 60 });

function headersOf(tokens: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const type = fc.oneof(
    { arbitrary: fc.constantFrom("application/json", "text/plain", "text/plain;charset=UTF-8"), weight: 10 },
    {
      arbitrary: fc.constantFrom("application/json; charset=utf-16", "application/xml", "", "x/y; charset"),
      weight: 1,
    },
    { arbitrary: headerText, weight: 1 },
  );
  const bearer = fc.oneof(
    voterOf(tokens).map((token) => `Bearer ${token ?? ""}`),
    headerText,
    fc.constantFrom("Basic eDp5", "bearer", "Bearer  x"),
  );
  const prefer = fc.oneof(
    fc.constantFrom("wait=0", "wait=1", "wait=99999", "wait=-1", "respond-async"),
    headerText,
  );
  return fc.record(
    {
      "content-type": type,
      authorization: bearer,
      prefer,
      "if-none-match": headerText,
      "accept-encoding": fc.constantFrom("gzip", "br, gzip;q=0.1", "x", "*"),
      origin: headerText,
      "x-forwarded-for": headerText,
      range: headerText,
      expect: fc.constantFrom("x"),
    },
    { requiredKeys: ["content-type"] },
  );
}

export const site = fc.oneof(
  { arbitrary: fc.constant("default"), weight: 12 },
  {
    arbitrary: fc.constantFrom("nobody", "%00", "%E0%A4%A", "..", "__proto__", "DEFAULT", "a%2Fb"),
    weight: 1,
  },
);

const query = fc.oneof(
  fc.array(page, { minLength: 1, maxLength: 5 }).map((names) => queryOf(names)),
  fc
    .integer({ min: 90, max: 110 })
    .map((count) => queryOf(Array.from({ length: count }, (_, n) => `fuzz-${n}`))),
  fc.constantFrom(
    "",
    "?",
    "?page",
    "?page=%",
    "?page[]=x",
    "?page[a]=b",
    "?page=a&page=a",
    "?__proto__[x]=1",
  ),
);

function queryOf(names: readonly string[]): string {
  return `?${new URLSearchParams(names.map((name) => ["page", name]))}`;
}

/** Requests to every route that votes and readers use, and to addresses beside them. */
export function httpInputs(tokens: readonly string[]): fc.Arbitrary<HttpInput> {
  const headers = headersOf(tokens);
  const vote = fc.record({
    method: fc.constant("POST"),
    path: site.map((name) => `/v1/sites/${name}/votes`),
    headers,
    body: textOf(voteOf(tokens)),
  });
  const read = fc.record({
    method: fc.constantFrom("GET", "GET", "HEAD"),
    path: fc
      .tuple(site, fc.constantFrom("counts", "mine"), query)
      .map(([name, route, text]) => `/v1/sites/${name}/${route}${text}`),
    headers,
    body: fc.constant(undefined),
  });
  const other = fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.oneof(
      fc.constantFrom(
        "/",
        "/healthz",
        "/readyz",
        "/metrics",
        "/docs",
        "/openapi.json",
        "/problems/x",
        "//",
        "/%",
      ),
      fc
        .constantFrom("voters", "votes", "counts", "mine", "hot", "orders")
        .map((route) => `/v1/sites/default/${route}`),
      fc.webPath().map((path) => path || "/"),
    ),
    headers,
    body: fc.option(textOf(anything), { nil: undefined }),
  });
  return fc.oneof(
    { arbitrary: vote, weight: 5 },
    { arbitrary: read, weight: 2 },
    { arbitrary: other, weight: 2 },
  );
}

/** Events of the socket wire, and such as nobody knows. */
export function eventInputs(tokens: readonly string[]): fc.Arbitrary<EventInput> {
  return fc.oneof(
    { arbitrary: fc.record({ event: fc.constant("vote"), payload: voteOf(tokens) }), weight: 4 },
    { arbitrary: fc.record({ event: fc.constantFrom("watch", "unwatch"), payload: pages }), weight: 4 },
    { arbitrary: fc.record({ event: fc.constant("voter"), payload: anything }), weight: 1 },
    {
      arbitrary: fc.record({
        event: fc.constantFrom("nobody", "counts", "__proto__", ""),
        payload: anything,
      }),
      weight: 1,
    },
  );
}

/** What sockets say of themselves as they come: the site, and the pages to watch. */
export const handshakes: fc.Arbitrary<object> = fc
  .tuple(pages, fc.option(mostly(site), { freq: 20 }))
  .map(([asked, name]) => ({ ...(isObject(asked) ? asked : { pages: asked }), site: name }));

/** The same of those who want to watch a whole site. @param tokens right ones and wrong ones */
export function liveHandshakes(tokens: readonly string[]): fc.Arbitrary<object> {
  return fc.record({
    site: mostly(site),
    token: mostly(fc.constantFrom(...tokens)),
  });
}

/** Frames of socket.io that may be none. */
export const frames = fc.oneof(
  fc.string({ unit: "binary", maxLength: 80 }),
  fc
    .tuple(fc.constantFrom("0", "1", "2", "20", "21", "3", "4", "451-", "5", "59-"), anything)
    .map(([type, value]) => `${type}${JSON.stringify(value)}`),
  fc.constantFrom(
    "2",
    '2["watch"]',
    '20["vote",{}]',
    '2/live,["watch"]',
    '0/live,{"token":1}',
    '2/live,["pulse",{}]',
    '21/live,["watch",{"pages":[]}]',
    "1/live,",
    "51-[]",
    "2[]",
    '2["disconnect"]',
  ),
);

/** Request targets that are no path, or only look like one, for routes of every kind. */
const oddTargets = fc
  .tuple(
    fc.constantFrom(
      "http://a",
      "http://a:99999",
      "HTTP://[::1",
      "http://",
      "x+y://u:p@a",
      "/",
      "//u@[::1",
      "/\\u@a:99999",
      "*",
    ),
    fc.constantFrom(
      "",
      "/",
      "/embed",
      "/oembed",
      "/healthz",
      "/docs",
      "/socket.io/",
      "/v1/sites/default/counts",
    ),
    fc.constantFrom("", "?page=x", "?site=default&page=x", "?url=http://[", "??", "#?page=x", "?#", "\u00a0"),
  )
  .map((parts) => parts.join(""));

/** Bytes on the port: HTTP that is broken somewhere, and no HTTP at all. */
export const rawBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(
      fc.constantFrom(...METHODS, "get", "", "POST "),
      fc.oneof(fc.constantFrom("/v1/sites/default/votes", "*", "", "http://x/y", "/\u0000"), oddTargets),
      fc.constantFrom("HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "", "HTTP/1.1\n"),
      fc.constantFrom(
        "content-length: 5",
        "content-length: -1",
        "content-length: 5\r\ncontent-length: 6",
        "transfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 3",
        "transfer-encoding: gzip, chunked",
        "upgrade: websocket\r\nconnection: upgrade",
        `x: ${"y".repeat(70_000)}`,
        "x\u0000y: z",
        ": x",
        " folded",
        "",
      ),
      fc.oneof(
        fc.constantFrom(
          "",
          "5\r\nhello\r\n0\r\n\r\n",
          "zz\r\n",
          "ffffffffff\r\n",
          "0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ),
        fc.string({ unit: "binary", maxLength: 40 }),
      ),
    )
    .map(([method, path, version, header, body]) =>
      Buffer.from(`${method} ${path} ${version}\r\nhost: x\r\n${header}\r\n\r\n${body}`),
    ),
);
