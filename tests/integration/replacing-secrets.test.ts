/** Two processes of one service, the one restarted with the next settings already, the other one not yet. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { askWithSolution } from "../../shared/client/solve-puzzle.ts";
import { type Answered, call, freshPage, newVoter, tallied } from "../support/reader.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { startService, type TestService } from "../support/start-service.ts";

const [OLD, NEW] = ["1:the first secret of the service", "2:the second secret of the service"];
const id = randomUUID();
const [plain, asking] = [`plain-${id}`, `asking-${id}`];
const sitesFile = writeSitesFile([
  { id: plain, name: "Plain" },
  { id: asking, name: "Asking", puzzle: "always" },
]);
const start = (SECRET: string) =>
  startService(inject("redisUrl"), { SITES_FILE: sitesFile, SECRET, LIMITS: "on" });

const keyOf = (token: string): string | undefined => token.split(".")[1];

async function ask({ url }: TestService, body: object): Promise<Answered> {
  return await call(`${url}/v1/sites/${asking}/voters`, { method: "POST", body: JSON.stringify(body) });
}

let waiting: TestService;
let signing: TestService;
beforeAll(async () => {
  waiting = await start(`+${NEW},${OLD}`);
  signing = await start(`${NEW},${OLD}`);
});
afterAll(async () => {
  await Promise.all([waiting.stop(), signing.stop()]);
});

describe("a secret that is replaced on one process after another", () => {
  it("S153: voters of either process are voters of the other, and one each", async () => {
    const page = freshPage();
    const voters = [await newVoter(waiting.url, plain), await newVoter(signing.url, plain)];
    expect(voters.map(keyOf)).toEqual(["1", "2"]);
    for (const voter of voters)
      for (const { url } of [waiting, signing]) {
        const { status } = await tallied(url, { page, reaction: "sad", voter }, plain);
        expect(status).toBe(200);
      }
    const [voter] = voters;
    const { body } = await tallied(signing.url, { page, reaction: "great", voter }, plain);
    expect(body).toMatchObject({ total: 2, counts: { sad: 1, great: 1 } });
  });

  it("S153: a puzzle of either process is solved at the other", async () => {
    for (const [here, there] of [
      [waiting, signing],
      [signing, waiting],
    ] as const) {
      const { status, body } = await ask(here, {});
      expect(status).toBe(428);
      const answer = askWithSolution((solved) => ask(there, solved), new Error("asked", { cause: body }));
      expect(await answer).toMatchObject({ status: 201 });
    }
  });
});
