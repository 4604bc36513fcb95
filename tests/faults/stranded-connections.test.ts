/** Connections to Redis that stay open and carry nothing, as where a host vanished and its name leads to another one. */
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { connectReader } from "../support/connect-reader.ts";
import { countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { startByParts } from "../support/start-by-parts.ts";
import { TcpProxy } from "../support/tcp-proxy.ts";

const lifecycle = new Lifecycle();
let network: TcpProxy;
let url: string;
beforeAll(async () => {
  network = await TcpProxy.begin(Number(new URL(inject("redisUrl")).port));
  lifecycle.onStop("network", () => network.stop());
  // The check of what viewers were told would hide that nothing is pushed to them.
  const realtime = { check_ms: 3_600_000 };
  url = await startByParts(`redis://127.0.0.1:${network.port}`, lifecycle, { realtime });
});
afterAll(() => lifecycle.stop());

/** A page that somebody watches, and the last total that they were told. */
async function watchedPage(): Promise<{ page: string; told: () => number }> {
  const page = freshPage();
  let told = 0;
  const socket = await connectReader(url, lifecycle);
  socket.on("counts", ({ total }) => {
    told = total;
  });
  await socket.emitWithAck("watch", { pages: [page] });
  return { page, told: () => told };
}

describe("connections that are stranded", () => {
  it("V99: are given up: votes are taken, totalled and pushed again, and none that was accepted is lost", async () => {
    const { page, told } = await watchedPage();
    const voters = await Promise.all(Array.from({ length: 3 }, () => newVoter(url)));
    const press = async (voter = ""): Promise<boolean> => {
      const { status, body } = await vote(url, { page, reaction: "great", voter });
      if (status !== 202) expect(body).toMatchObject({ code: "unavailable", retryable: true });
      return status === 202;
    };
    expect(await press(voters[0])).toBe(true);
    await until("the first vote", () => told() === 1);
    network.strand();
    expect(await press(voters[1])).toBe(false);
    await until("a vote to be taken", () => press(voters[1]), 30_000);
    expect(await press(voters[2])).toBe(true);
    await until("the votes", () => told() === 3, 60_000);
    await until("the counts", async () => (await countsOf(url, page)).total === 3, 30_000);
  }, 120_000);

  it("P93: a subscriber's, which is owed nothing, is found out by a sign of life", async () => {
    const { page, told } = await watchedPage();
    network.strand("reader-reactions-subscriber");
    expect((await vote(url, { page, reaction: "sad" })).status).toBe(202);
    await until("the vote", () => told() === 1, 60_000);
    // And not only of what was missed.
    await vote(url, { page, reaction: "great" });
    await until("the next vote", () => told() === 2);
  }, 120_000);
});
