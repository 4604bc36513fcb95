import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { call, freshPage, vote } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

const POISON = '"__proto__":{"poisoned":true},"constructor":{"prototype":{"poisoned":true}}';

describe("prototypes", () => {
  it("S111: names of prototypes in bodies, queries and messages change nothing of the process", async () => {
    const page = freshPage();
    const voted = await vote(service.url, `{"page":"${page}","reaction":"great",${POISON}}`);
    expect([voted.status, Object.keys(voted.body).sort()]).toEqual([
      202,
      ["at", "page", "reaction", "voter"],
    ]);
    const voter = await call(`${service.url}/v1/sites/default/voters`, {
      method: "POST",
      body: `{"solution":{${POISON}},${POISON}}`,
    });
    expect(voter.status).toBe(201);
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      expect((await vote(service.url, { page, reaction: name })).body.code, name).toBe("reaction_unknown");
      expect((await vote(service.url, { page, reaction: "great" }, {}, name)).body.code, name).toBe(
        "site_unknown",
      );
      const refused = name === "__proto__" ? "page_invalid" : undefined;
      expect((await vote(service.url, { page: name, reaction: "great" })).body.code, name).toBe(refused);
      const counts = await call(
        `${service.url}/v1/sites/default/counts?page=${name}&${name}=1&${name}[poisoned]=1`,
      );
      expect([200, 400], name).toContain(counts.status);
    }
    const socket = await service.socket();
    const ack = await socket.emitWithAck("vote", JSON.parse(`{"page":"${page}","reaction":"sad",${POISON}}`));
    expect(ack).toMatchObject({ ok: true });
    // Every object of this process, the service's included, would have it.
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect("poisoned" in {}).toBe(false);
  });
});
