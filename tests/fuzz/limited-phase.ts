/**
 * Readers of many networks, with limits on: votes are refused, asked for a puzzle, or held, and what was taken is still exactly
 * what is there. A proxy is believed about where they come from.
 */
import fc from "fast-check";
import { isObject } from "../../shared/contract/object.ts";
import type { PuzzleSolution } from "../../shared/contract/puzzle.ts";
import { DEFAULT_REACTIONS } from "../../shared/contract/reactions.ts";
import type { VoteRequest } from "../../shared/contract/votes.ts";
import { signPage } from "../../shared/votes/check-page.ts";
import { makeVoter } from "../faults/rig/voters.ts";
import { eventInputs, type HttpInput, httpInputs } from "./inputs.ts";
import { openApiInputs } from "./openapi-inputs.ts";
import { formInputs } from "./people-inputs.ts";
import { solutionInputs, solveOne } from "./puzzle-inputs.ts";
import { ADMIN_TOKEN, type Draw, Scene } from "./scene.ts";
import { Thrower } from "./thrower.ts";

/** Where limits are small, where each new voter solves a puzzle, where pages are signed, and where nobody may do anything. */
const [READERS, PUZZLED, SIGNED, STILL] = ["default", "puzzled", "signed", "still"];
const PAGE_KEY = "what the publisher signs its pages with";

/** Inputs of each kind in a batch. */
const BATCH = {
  crowd: 200,
  http: 40,
  openApi: 40,
  forms: 15,
  signed: 30,
  signedOverSocket: 20,
  solutions: 60,
  votesWithSolutions: 25,
  votesWithSolutionsOverSocket: 20,
  event: 70,
  strangers: 20,
};
const BATCH_INPUTS = Object.values(BATCH).reduce((sum, count) => sum + count, 0);

/** Puzzles that are solved for a batch: each is good for one voter. */
const SOLVED_A_BATCH = 4;
/** Those of the last batches are drawn, too, used or too old as they may be. */
const SOLVED_KEPT = 20;

/** A crowd of one neighbourhood, a few homes, a phone, and what is no address. */
const address = fc.oneof(
  { arbitrary: fc.nat({ max: 1 }).map((n) => `203.0.113.${n}`), weight: 8 },
  { arbitrary: fc.nat({ max: 250 }).map((n) => `198.51.${n}.7`), weight: 3 },
  { arbitrary: fc.nat({ max: 99 }).map((n) => `2001:db8:${n}::1`), weight: 1 },
  { arbitrary: fc.constantFrom("unknown", "", "203.0.113.1, 127.0.0.1", "::ffff:203.0.113.2"), weight: 1 },
);

function from<Input extends HttpInput>(inputs: fc.Arbitrary<Input>): fc.Arbitrary<Input> {
  return fc
    .tuple(inputs, address)
    .map(([input, sender]) => ({ ...input, headers: { ...input.headers, "x-forwarded-for": sender } }));
}

/** A request with a JSON body. */
function posts(path: string, body: fc.Arbitrary<unknown>): fc.Arbitrary<HttpInput> {
  return body.map((value) => ({
    method: "POST",
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  }));
}

const reaction = fc.constantFrom<string | null>(...DEFAULT_REACTIONS, null);

/** Votes on pages that carry the publisher's signature, another page's, or nearly one. */
function signedVotes(tokens: readonly string[]): fc.Arbitrary<VoteRequest> {
  const page = fc.nat({ max: 200 }).map((n) => `signed-${n}`);
  return fc
    .record({
      page,
      other: page,
      reaction,
      voter: fc.constantFrom(...tokens),
      how: fc.constantFrom("right", "right", "another's", "bent", "longer", "none"),
    })
    .map(({ page, other, how, ...vote }) => {
      const right = signPage(PAGE_KEY, page);
      const signatures: Readonly<Record<string, string | undefined>> = {
        right,
        "another's": signPage(PAGE_KEY, other),
        bent: `${right.slice(0, -1)}${right.endsWith("A") ? "E" : "A"}`,
        longer: `${right}A`,
      };
      return { ...vote, page, signature: signatures[how] };
    });
}

/** Plays at least `inputs`; the scene is the caller's to stop. */
export async function playLimited(
  inputs: number,
  seed: number,
): Promise<{ readonly scene: Scene; readonly thrown: number }> {
  const limits = { newPagesAMinute: 5, newVotersAMinute: 10, votesAMinuteOfVoter: 2 };
  const scene = await Scene.begin({
    sites: [
      { id: READERS, limits, puzzle: "auto" },
      { id: PUZZLED, puzzle: "always" },
      { id: SIGNED, pages: { open: "signed", keys: [PAGE_KEY] } },
      { id: STILL },
    ],
    voted: [READERS, PUZZLED, SIGNED],
    env: { LIMITS: "on", TRUST_PROXY: "127.0.0.1" },
  });
  const { api, outcomes, states } = scene;
  const thrower = new Thrower(scene);
  const { each, http } = thrower;

  const crowd = Array.from({ length: 200 }, () => makeVoter());
  const leaving = Array.from({ length: 8 }, () => makeVoter());
  const signers = Array.from({ length: 40 }, () => makeVoter(SIGNED));
  const described = openApiInputs(scene.document, {
    site: READERS,
    bearers: [undefined, ...leaving],
    known: [],
  });
  const strange = openApiInputs(scene.document, {
    site: STILL,
    bearers: [ADMIN_TOKEN.replace("knows", "know"), ...crowd.slice(0, 2)],
    known: [],
    scheme: "moderator",
  });
  const crowdVotes = fc.record({
    page: fc.nat({ max: 1 }).map((n) => `crowded-${n}`),
    reaction,
    voter: fc.constantFrom(...crowd),
  });

  const solved: PuzzleSolution[] = [];
  const taken = new Set<string>();
  const headers = { "x-forwarded-for": "203.0.113.3" };
  const viewer = thrower.connect({ site: READERS }, "", headers);
  const newcomer = thrower.connect({ site: PUZZLED }, "", headers);
  const signer = thrower.connect({ site: SIGNED }, "", headers);
  const signed = signedVotes(signers);

  /** A new voter of the site where each solves a puzzle: each solution makes one, and nothing else makes any. */
  const noteVoter = (made: boolean, body: unknown): void => {
    if (!made) return;
    const solution = isObject(body) && isObject(body.solution) ? body.solution : {};
    const name = String(solution.signature);
    const known = solved.some(({ signature }) => signature === name);
    if (!known || taken.has(name)) outcomes.fault("a voter was made for no puzzle", body);
    taken.add(name);
  };
  const solve = async (input: HttpInput): Promise<void> => {
    const output = await http(input);
    noteVoter(output?.body.voter !== undefined, JSON.parse(input.body ?? ""));
  };
  const solveOverSocket = async (event: "voter" | "vote", body: object): Promise<void> => {
    const ack = await thrower.event(newcomer, PUZZLED, event, body);
    const made = ack?.ok === true;
    if (made) outcomes.count(`event ${event}, with a solution that was right`);
    noteVoter(made, body);
  };
  const voteSigned = async (vote: VoteRequest): Promise<void> => {
    const ack = await thrower.event(signer, SIGNED, "vote", vote);
    if (ack?.ok === true && vote.signature !== undefined) outcomes.count("event vote, signed and taken");
  };

  const batch = async (draw: Draw): Promise<void> => {
    const voters = `${api.url}/v1/sites/${PUZZLED}/voters`;
    for (let count = 0; count < SOLVED_A_BATCH; count++) solved.unshift(await solveOne(voters));
    const solutions = solutionInputs(solved.slice(0, SOLVED_KEPT));
    const withSolution = solutions.map((solution) => ({ solution }));
    const voteWithSolution = fc.record({ page: fc.constantFrom("p", "q"), reaction, solution: solutions });
    // Before anybody else uses it up, so that one of each run is taken for certain.
    await solveOverSocket("vote", { page: "p", reaction: "great", solution: solved[0] });
    const [toSocket, toPort] = [
      draw(withSolution, BATCH.solutions / 4),
      draw(withSolution, (BATCH.solutions * 3) / 4),
    ];
    await Promise.all([
      each(draw(from(posts(`/v1/sites/${READERS}/votes`, crowdVotes)), BATCH.crowd), http),
      each(draw(from(httpInputs(crowd)), BATCH.http), http),
      each(draw(from(described), BATCH.openApi), thrower.openApi),
      each(draw(from(formInputs), BATCH.forms), http),
      each(draw(from(posts(`/v1/sites/${SIGNED}/votes`, signed)), BATCH.signed), http),
      each(draw(signed, BATCH.signedOverSocket), voteSigned),
      each(
        toPort.map(
          (body): HttpInput => ({
            method: "POST",
            path: `/v1/sites/${PUZZLED}/voters`,
            headers: { ...headers, "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
        ),
        solve,
      ),
      each(
        draw(from(posts(`/v1/sites/${PUZZLED}/votes`, voteWithSolution)), BATCH.votesWithSolutions),
        solve,
      ),
      each(toSocket, (body) => solveOverSocket("voter", body)),
      each(draw(voteWithSolution, BATCH.votesWithSolutionsOverSocket), (body) =>
        solveOverSocket("vote", body),
      ),
      each(draw(eventInputs(crowd), BATCH.event), ({ event, payload }) =>
        thrower.event(viewer, READERS, event, payload),
      ),
      each(draw(from(strange), BATCH.strangers), thrower.stranger),
    ]);
  };

  const thrown = await scene.play(inputs, BATCH_INPUTS, seed, batch);
  for (const status of ["http 428", "http 429", "http 201"])
    if (outcomes.times(status) === 0) outcomes.fault("a limit was never met", status);
  for (const taken of ["event vote, with a solution that was right", "event vote, signed and taken"])
    if (outcomes.times(taken) === 0) outcomes.fault("no such vote was ever taken", taken);
  if ([...states.values()].every(({ held }) => held === 0)) outcomes.fault("nothing was ever held", thrown);
  for (const socket of [viewer, newcomer, signer]) socket.disconnect();
  return { scene, thrown };
}
