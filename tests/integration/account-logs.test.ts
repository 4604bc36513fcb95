/** What services write down of accounts, at the most talkative level: nothing. Real processes: their output is what is read. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { AUDIENCE, signWith } from "../support/jwks-server.ts";
import { call, freshPage, newVoter, tallied, vote } from "../support/reader.ts";
import { redisEnv } from "../support/redis-place.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { type ServiceProcess, startProcess } from "../support/start-process.ts";

const PUBLISHER = "a secret of a publisher, 32 bytes or more";
const site = `logged-${randomUUID()}`;
const ADDRESS = "203.0.113.77";
const forwarded = { "x-forwarded-for": ADDRESS };
const services: ServiceProcess[] = [];
let api = "";

beforeAll(async () => {
  const accounts = { audience: AUDIENCE, keys: [{ algorithm: "HS256", secret: PUBLISHER }] };
  const env = {
    ...redisEnv(inject("redisUrl")),
    SITES_FILE: writeSitesFile([{ id: site, name: "Logged", voters: { who: "both", accounts } }]),
    TRUST_PROXY: "127.0.0.1",
    LOG_LEVEL: "trace",
  };
  services.push(startProcess("api", env), startProcess("worker", env));
  [api = ""] = await Promise.all(services.map(({ listens }) => listens));
});
afterAll(() => Promise.all(services.map((service) => service.kill())));

it("S33: logs hold neither accounts nor their tokens, whether these are taken, refused, moved to or forgotten", async () => {
  const page = freshPage();
  const [sub, sub2] = [`reader-${randomUUID()}`, `reader-${randomUUID()}`];
  const [voter, account, expired] = [
    await newVoter(api, site),
    await signWith(PUBLISHER, { sub }),
    await signWith(PUBLISHER, { sub: sub2, exp: 1 }),
  ];
  const forged = `${voter.slice(0, -4)}AAAA`;
  const path = (route: string): string => `${api}/v1/sites/${site}/${route}`;
  const by = (token: string) => ({ headers: { ...forwarded, authorization: `Bearer ${token}` } });
  expect((await tallied(api, { page, reaction: "great", voter }, site)).status).toBe(200);
  expect((await vote(api, { page, reaction: "sad", voter: account }, forwarded, site)).status).toBe(202);
  for (const token of [expired, forged])
    expect((await vote(api, { page, reaction: "sad", voter: token }, forwarded, site)).status).toBe(401);
  expect((await vote(api, { page, reaction: page, voter }, forwarded, site)).status).toBe(400);
  expect((await call(path(`mine?${new URLSearchParams({ page })}`), by(account))).status).toBe(200);
  const move = { method: "POST", body: JSON.stringify({ voter, account }), headers: forwarded };
  await call(path("voters/self/move"), move);
  await call(path("voters/self"), { ...by(voter), method: "DELETE" });
  for (const service of services) await service.stop();
  const said = services.map((service) => service.said()).join("\n");
  expect(said).toContain('"level"');
  for (const secret of [page, ADDRESS, sub, sub2, voter, account, expired, forged, PUBLISHER])
    expect(said).not.toContain(secret);
});
