/**
 * `npm run fuzz -- [--inputs 20000] [--seed 7] [--record]`: throws nearly right input at every route and event, and bytes at
 * the ports, of real processes. No answer may be a 5xx, every refusal is a problem, nothing crashes, memory stays. Of the site
 * that readers are played on Redis holds nothing but the votes that were accepted; a site of its own is what moderators with
 * all rights do anything to; and a third stays as it was, although everything is tried on it without the right to.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { io } from "socket.io-client";
import { isObject } from "../../shared/contract/object.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openLog } from "../../shared/runtime/log.ts";
import { openRedis } from "../../shared/runtime/redis-connections.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { recordResults } from "../faults/rig/record-results.ts";
import { startTestBed } from "../faults/rig/test-bed.ts";
import { VoteBacklog } from "../faults/rig/vote-backlog.ts";
import { makeVoter } from "../faults/rig/voters.ts";
import { until } from "../support/reader.ts";
import { redisAddress } from "../support/redis-place.ts";
import { eventInputs, frames, type HttpInput, handshakes, httpInputs, rawBytes } from "./inputs.ts";
import { isMeant } from "./is-meant.ts";
import { type OpenApiInput, openApiInputs } from "./openapi-inputs.ts";
import { type HttpOutput, sendHttp } from "./send-http.ts";
import { sendRaw } from "./send-raw.ts";
import { shakeHands } from "./shake-hands.ts";
import { FUZZED_VOTERS, importInputs, moveInputs } from "./transfer-inputs.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "20000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
    record: { type: "boolean", default: false },
  },
});
const total = Number(values.inputs);
const seed = Number(values.seed);

/** Inputs of one kind that are under way at once, and the share of each kind in a batch. */
const TOGETHER = 32;
const BATCH = {
  http: 900,
  openApi: 200,
  moderators: 200,
  strangers: 60,
  imports: 12,
  moves: 28,
  event: 420,
  handshake: 20,
  frame: 80,
  raw: 80,
};
const BATCH_INPUTS = Object.values(BATCH).reduce((sum, count) => sum + count, 0);

const ACK_MS_MAX = 20_000;
/** Caches and code that is compiled later are no leak; what every input leaves behind would be more. */
const GROWTH_BYTES_MAX = 80_000_000;

const tokens = Array.from({ length: 40 }, makeVoter);
const accepted = new Set<string>();
const tally = new Map<string, number>();
/** How often each operation of the OpenAPI document was carried out. */
const reached = new Map<string, number>();
/** Names and ids that moderators were told of; the oldest make room. */
const known: string[] = [];
const KNOWN_MAX = 50;
let toldSoFar = 0;
const faults: string[] = [];

const ADMIN_TOKEN = "a-token-that-only-the-fuzzer-knows";
/** What readers do, what moderators do, and what nobody may do anything to. */
const [READERS, MODERATORS, STILL] = ["default", "fuzzed", "still"];
const folder = mkdtempSync(join(tmpdir(), "reader-reactions-fuzz-"));
const sitesFile = join(folder, "sites.json");
writeFileSync(sitesFile, JSON.stringify([READERS, STILL].map((id) => ({ id, name: id }))));

const settings = { ADMIN_TOKEN, SITES_FILE: sitesFile };
const bed = await startTestBed({ apis: 1, workers: 1, realtimes: 1, env: settings });
const [api, realtime] = [bed.apis[0], bed.realtimes[0]];
if (api === undefined || realtime === undefined) throw new Error("nothing to fuzz");
const options = {
  transports: ["websocket"],
  auth: { site: "default" },
  forceNew: true,
  reconnectionDelayMax: 200,
};
const [sockets, framed] = [io(realtime.url, options), io(realtime.url, options)];

function count(what: string): void {
  tally.set(what, (tally.get(what) ?? 0) + 1);
}

function fault(what: string, input: unknown): void {
  faults.push(`${what}: ${JSON.stringify(input).slice(0, 600)}`);
}

async function throwHttp(input: HttpInput): Promise<HttpOutput | undefined> {
  const output = await sendHttp(api?.url ?? "", input);
  if (output === undefined) {
    count("http, not sent");
    return undefined;
  }
  const { status, type, body } = output;
  const meant = isMeant(input.path, output);
  count(`http ${status}${meant ? ", as it should" : ""}`);
  if (status >= 500 && !meant) fault(`status ${status}`, { input, body });
  // What is not ready is told by name, not as a problem.
  if (status === 503 && input.path.startsWith("/readyz")) return output;
  // A frame's page is for people, and so are its refusals.
  if (input.path.startsWith("/embed") && type.startsWith("text/html")) return output;
  if (
    status >= 400 &&
    input.method !== "HEAD" &&
    (!type.startsWith("application/problem+json") || body.status !== status)
  )
    fault(`${status} without a problem`, input);
  const voted = input.method === "POST" && /\/votes\/?(?:\?|$)/.test(input.path);
  if (voted && !input.path.startsWith(`/v1/sites/${MODERATORS}/`) && (status === 200 || status === 202))
    accepted.add(String(body.page));
  return output;
}

/** As `throwHttp`; finds out which operations were ever carried out, and what may be named later. */
async function throwOpenApi(input: OpenApiInput): Promise<void> {
  const output = await throwHttp(input);
  if (output === undefined) return;
  const carriedOut = output.status < 400;
  reached.set(input.operation, (reached.get(input.operation) ?? 0) + (carriedOut ? 1 : 0));
  const { id, name } = output.body;
  if (!carriedOut || input.method === "GET") return;
  for (const told of [id, name]) if (typeof told === "string") known[toldSoFar++ % KNOWN_MAX] = told;
}

/** Whoever has no right to it must be refused, whatever else is wrong or right with the request. */
async function throwStranger(input: OpenApiInput): Promise<void> {
  const output = await throwHttp(input);
  if (output !== undefined && output.status < 400) fault(`${output.status} for a stranger`, input);
}

/** The site that moderators are played on, as it was: they may have taken it away or changed it beyond use. */
async function beginSite(): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
  const body = JSON.stringify({ name: MODERATORS, voters: FUZZED_VOTERS });
  const answer = await fetch(`${api?.url}/v1/sites/${MODERATORS}`, { method: "PUT", headers, body });
  if (!answer.ok) fault("the site cannot be made", await answer.text());
}

async function throwEvent(event: string, payload: unknown): Promise<void> {
  const known = ["vote", "watch", "unwatch", "voter"].includes(event);
  if (!known) {
    count("event, unknown");
    sockets.emit(event, payload);
    return;
  }
  const ack: unknown = await sockets.timeout(ACK_MS_MAX).emitWithAck(event, payload);
  if (!isObject(ack) || typeof ack.ok !== "boolean")
    return fault("an answer out of shape", { event, payload });
  const status = isObject(ack.problem) ? Number(ack.problem.status) : 200;
  count(`event ${status}`);
  if (status >= 500) fault(`status ${status}`, { event, payload });
  if (event === "vote" && ack.ok && isObject(payload)) accepted.add(String(payload.page));
}

async function throwHandshake(auth: object): Promise<void> {
  const status = await shakeHands(realtime?.url ?? "", auth);
  count(`handshake ${status}`);
  if (status === undefined || status >= 500) fault(`handshake ${status}`, auth);
}

async function throwFrame(frame: string): Promise<void> {
  count("frame");
  if (!framed.connected) await new Promise((resolve) => framed.once("connect", () => resolve(undefined)));
  framed.io.engine.write(frame);
}

async function throwRaw(bytes: Buffer): Promise<void> {
  for (const service of [api, realtime]) {
    const first = await sendRaw(service?.port ?? 0, bytes);
    count(`raw ${/^HTTP\/1.1 (\d+)/.exec(first)?.[1] ?? "unanswered"}`);
    if (/^HTTP\/1.1 5(?!05)/.test(first)) fault(first, bytes.toString("latin1"));
  }
}

/** Does `work` with every input, some at a time. */
async function each<Input>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<unknown>,
  together = TOGETHER,
): Promise<void> {
  const queue = [...inputs];
  const one = async (): Promise<void> => {
    for (let input = queue.pop(); input !== undefined; input = queue.pop()) {
      try {
        await work(input);
      } catch (error) {
        fault(String(error), input);
      }
    }
  };
  await Promise.all(Array.from({ length: together }, one));
}

async function memory_bytes(): Promise<number> {
  const texts = await Promise.all(
    [api, realtime].map(async (service) => (await fetch(`${service?.url}/metrics`)).text()),
  );
  return texts.reduce(
    (sum, text) => sum + Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]),
    0,
  );
}

/** Redis holds the pages that were voted on, and no other. */
async function checkState(): Promise<void> {
  const lifecycle = new Lifecycle();
  const redis = openRedis("worker", redisAddress(bed.place), lifecycle, openLog("fuzz", "silent"));
  const backlog = new VoteBacklog(redis, bed.shards);
  lifecycle.onStop("backlog", () => backlog.close());
  await until("the votes to be tallied", async () => (await backlog.left()) === 0, 60_000);
  const expected = new Set([...accepted].map((page) => pageKeys(READERS, page).hash));
  const held = await redis.keys(`{${READERS}:*:page`);
  for (const key of held) if (!expected.delete(key)) fault("a page that nobody was told of", key);
  for (const key of expected) fault("a page that is not there", key);
  // Its audit also tells of tokens that moderators made for all sites.
  const stored = await redis.keys(`{*${STILL}[:}]*`);
  const still = stored.filter((key) => key !== `{site:${STILL}}:audit`);
  if (still.length > 0) fault("something was stored on a site that nobody may change", still);
  if ((await backlog.failed()) > 0) fault("jobs failed for good", await backlog.failed());
  await lifecycle.stop();
}

const described = await openApiInputs(api.url, { site: READERS, bearers: [undefined, ...tokens], known: [] });
const moderated = await openApiInputs(api.url, { site: MODERATORS, bearers: [ADMIN_TOKEN], known });
const bent = ADMIN_TOKEN.replace("knows", "know");
const strange = await openApiInputs(api.url, {
  site: STILL,
  bearers: [undefined, bent, ...tokens.slice(0, 3)],
  known,
  scheme: "moderator",
});
const [imports, moves] = [importInputs(MODERATORS, ADMIN_TOKEN), await moveInputs(MODERATORS)];
const arbitraries = { http: httpInputs(tokens), event: eventInputs(tokens) };
const batches = Math.ceil(total / BATCH_INPUTS);
const began_ms = performance.now();
let early_bytes = 0;
let batch = 0;
for (; batch < batches && faults.length === 0; batch++) {
  const draw = <Input>(arbitrary: fc.Arbitrary<Input>, numRuns: number): Input[] =>
    fc.sample(arbitrary, { numRuns, seed: seed + batch });
  await beginSite();
  await Promise.all([
    each(draw(arbitraries.http, BATCH.http), throwHttp),
    each(draw(described, BATCH.openApi), throwOpenApi),
    each(draw(moderated, BATCH.moderators), throwOpenApi),
    each(draw(strange, BATCH.strangers), throwStranger),
    each(draw(imports, BATCH.imports), throwOpenApi, 1),
    each(draw(moves, BATCH.moves), throwOpenApi),
    each(draw(arbitraries.event, BATCH.event), ({ event, payload }) => throwEvent(event, payload)),
    each(draw(handshakes, BATCH.handshake), throwHandshake),
    each(draw(frames, BATCH.frame), throwFrame),
    each(draw(rawBytes, BATCH.raw), throwRaw),
  ]);
  if (batch === Math.floor(batches / 4)) early_bytes = await memory_bytes();
}
const grown_bytes = (await memory_bytes()) - early_bytes;
if (early_bytes > 0 && grown_bytes > GROWTH_BYTES_MAX) fault("memory grew", grown_bytes);
await checkState();
for (const socket of [sockets, framed]) socket.disconnect();
await bed.stop();
rmSync(folder, { recursive: true, force: true });

const unreached = [...reached].filter(([, times]) => times === 0).map(([operation]) => operation);
const thrown = batch * BATCH_INPUTS;
const rows = [...tally]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([what, times]) => `| ${what} | ${times} |`);
const table = [
  "| answer | times |",
  "| --- | --- |",
  ...rows,
  "",
  `${thrown} inputs in ${Math.round((performance.now() - began_ms) / 1_000)} s; ${accepted.size} pages voted on;`,
  `${reached.size - unreached.length} of ${reached.size} operations of the OpenAPI document were carried out${unreached.length === 0 ? "" : `, not ${unreached.join(", ")}`};`,
  `memory of both services ${Math.round(grown_bytes / 1e6)} MB above that after a quarter of the run; ${faults.length} faults.`,
].join("\n");
console.log(`Seed ${seed}\n\n${table}`);
for (const line of faults.slice(0, 20)) console.log(line);
if (values.record) recordResults("fuzz", `seed ${seed}`, table);
process.exit(faults.length === 0 ? 0 : 1);
