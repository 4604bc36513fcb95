/**
 * Everything there is, with limits off, so that much gets far. Of the site that readers are played on Redis holds nothing but
 * the votes that were accepted; a site of its own is what moderators with all rights do anything to; and a third stays as it
 * was, although everything is tried on it without the right to.
 */
import { makeVoter } from "../faults/rig/voters.ts";
import { until } from "../support/reader.ts";
import { eventInputs, frames, handshakes, httpInputs, liveHandshakes, rawBytes } from "./inputs.ts";
import { changesIn, readModeratorsState } from "./moderators-state.ts";
import { type OpenApiInput, openApiInputs } from "./openapi-inputs.ts";
import { orderInputs } from "./order-inputs.ts";
import { fileInputs, formInputs } from "./people-inputs.ts";
import { ADMIN_TOKEN, type Draw, Scene } from "./scene.ts";
import { Thrower } from "./thrower.ts";
import { FUZZED_VOTERS, importInputs, moveInputs } from "./transfer-inputs.ts";
import { webhookInputs } from "./webhook-inputs.ts";

/** What readers do, what moderators do, and what nobody may do anything to. */
const [READERS, MODERATORS, STILL] = ["default", "fuzzed", "still"];

/** Inputs of each kind in a batch. */
const BATCH = {
  http: 455,
  openApi: 200,
  files: 60,
  forms: 40,
  // So many that what hardly any of them is right for is carried out some times in 20,000 inputs, too.
  moderators: 350,
  imports: 12,
  moves: 28,
  orders: 30,
  webhooks: 15,
  event: 400,
  liveEvent: 20,
  handshake: 20,
  liveHandshake: 20,
  frame: 70,
  raw: 60,
  operations: 30,
  // Once all others have been answered, so that what changes is theirs.
  strangers: 60,
  oneByOne: 40,
};
const BATCH_INPUTS = Object.values(BATCH).reduce((sum, count) => sum + count, 0);

/** Names and ids that moderators were told of; the oldest make room. */
const KNOWN_MAX = 50;

/** Plays at least `inputs`; the scene is the caller's to stop. */
export async function playOpen(
  inputs: number,
  seed: number,
): Promise<{ readonly scene: Scene; readonly thrown: number }> {
  const scene = await Scene.begin({ sites: [{ id: READERS }, { id: STILL }], voted: [READERS] });
  const { api, realtime, worker, redis, outcomes, document } = scene;
  const thrower = new Thrower(scene);
  const { each, http, openApi } = thrower;

  // Those who leave are few, because of their votes less can be said for certain.
  const [staying, leaving] = [40, 8].map((count) => Array.from({ length: count }, () => makeVoter()));
  if (staying === undefined || leaving === undefined) throw new Error("nobody to vote");
  const voters = [...staying, ...leaving];
  const known: string[] = [];
  let told = 0;
  const ordered: string[] = [];
  const bent = ADMIN_TOKEN.replace("knows", "know");
  const described = openApiInputs(document, {
    site: READERS,
    bearers: [undefined, ...leaving],
    known: [],
  });
  const moderators = { site: MODERATORS, bearers: [ADMIN_TOKEN], known };
  const moderated = openApiInputs(document, moderators);
  const changing = openApiInputs(document, { ...moderators, scheme: "moderator", changing: true });
  const strange = openApiInputs(document, {
    site: STILL,
    bearers: [undefined, bent, ...staying.slice(0, 3)],
    known,
    scheme: "moderator",
  });
  const imports = importInputs(MODERATORS, ADMIN_TOKEN);
  const moves = await moveInputs(MODERATORS);
  const orders = orderInputs(MODERATORS, ADMIN_TOKEN, ordered);
  const webhooks = webhookInputs(MODERATORS, ADMIN_TOKEN);
  const [requests, events] = [httpInputs(voters), eventInputs(voters)];

  const [viewer, framed] = [thrower.connect({ site: READERS }), thrower.connect({ site: READERS })];
  const auth = { site: READERS, token: ADMIN_TOKEN };
  const live = thrower.connect(auth, "/live");
  let pulses = 0;
  live.on("pulse", () => pulses++);
  // So that frames reach this namespace, too.
  framed.io.socket("/live", { auth });

  /** The site that moderators are played on, as it was: they may have taken it away or changed it beyond use. */
  const beginSite = async (): Promise<void> => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: MODERATORS, voters: FUZZED_VOTERS });
    const answer = await fetch(`${api.url}/v1/sites/${MODERATORS}`, { method: "PUT", headers, body });
    if (!answer.ok) outcomes.fault("the site cannot be made", await answer.text());
  };

  /** Keeps what may be named later. */
  const moderate = async (input: OpenApiInput): Promise<number | undefined> => {
    const output = await openApi(input);
    if (output === undefined || output.status >= 400 || input.method === "GET") return output?.status;
    // Others go on with it: without a site nearly everything of theirs would be refused.
    if (input.operation === "DELETE /v1/sites/{site}") await beginSite();
    const { id, name } = output.body;
    for (const text of [id, name]) if (typeof text === "string") known[told++ % KNOWN_MAX] = text;
    return output.status;
  };

  /** Keeps the ids of orders, and of what undid them; the oldest make room. */
  const order = async (input: OpenApiInput): Promise<void> => {
    const output = await openApi(input);
    if (output?.status === 202) ordered.unshift(String(output.body.id));
    ordered.splice(KNOWN_MAX);
  };

  const moderatorsState = () => readModeratorsState(redis, [READERS, STILL]);

  /** Moderators one after the other: what is refused has changed nothing. */
  const moderateAlone = async (all: readonly OpenApiInput[]): Promise<void> => {
    let before = await moderatorsState();
    for (const input of all) {
      const status = await moderate(input);
      const after = await moderatorsState();
      const changed = changesIn(before, after);
      if (status !== undefined && status >= 400 && changed.length > 0)
        outcomes.fault(`${status}, and yet it changed ${changed}`, input);
      before = after;
    }
  };

  const batch = async (draw: Draw): Promise<void> => {
    await beginSite();
    await Promise.all([
      each(draw(requests, BATCH.http), http),
      each(draw(described, BATCH.openApi), openApi),
      each(draw(fileInputs, BATCH.files), http),
      each(draw(formInputs, BATCH.forms), http),
      each(draw(moderated, BATCH.moderators), moderate),
      each(draw(imports, BATCH.imports), openApi),
      each(draw(moves, BATCH.moves), openApi),
      each(draw(orders, BATCH.orders), order),
      each(draw(webhooks, BATCH.webhooks), openApi),
      each(draw(events, BATCH.event), ({ event, payload }) => thrower.event(viewer, READERS, event, payload)),
      each(draw(events, BATCH.liveEvent), async ({ event, payload }) => {
        outcomes.count("live event");
        live.emit(event, payload);
      }),
      each(draw(handshakes, BATCH.handshake), (said) => thrower.handshake("", said)),
      each(draw(liveHandshakes([ADMIN_TOKEN, bent]), BATCH.liveHandshake), (said) =>
        thrower.handshake("/live", said),
      ),
      each(draw(frames, BATCH.frame), (frame) => thrower.frame(framed, frame)),
      each(draw(rawBytes, BATCH.raw), thrower.raw),
      each(draw(requests, BATCH.operations / 2), (input) => thrower.operations(worker.url, input)),
      each(draw(requests, BATCH.operations / 2), (input) => thrower.operations(realtime.url, input)),
    ]);
    const before = await moderatorsState();
    await each(draw(strange, BATCH.strangers), thrower.stranger);
    const changed = changesIn(before, await moderatorsState());
    if (changed.length > 0) outcomes.fault("strangers changed", changed);
    await moderateAlone(draw(changing, BATCH.oneByOne));
  };

  const thrown = await scene.play(inputs, BATCH_INPUTS, seed, batch);
  const before = pulses;
  const beats = until("a pulse", () => pulses > before);
  await beats.catch((error: unknown) => outcomes.fault(String(error), auth));
  // Its audit also tells of tokens that moderators made for all sites.
  const stored = await redis.keys(`{*${STILL}[:}]*`);
  const still = stored.filter((key) => key !== `{site:${STILL}}:audit`);
  if (still.length > 0) outcomes.fault("something was stored on a site that nobody may change", still);
  for (const socket of [viewer, framed, live]) socket.disconnect();
  return { scene, thrown };
}
