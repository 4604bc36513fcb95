import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type PageCounts, Reactions, ServiceError } from "../../shared/client/client.ts";
import { countsOf, freshPage, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

describe("the client library", () => {
  let service: TestService;
  const endings: (() => void)[] = [];
  beforeAll(async () => {
    service = await startService(inject("redisUrl"));
  });
  afterAll(async () => {
    for (const end of endings) end();
    await service.stop();
  });

  const open = (site = "default") => new Reactions({ endpoint: service.url, site });

  /** Watches until the test's end; what was heard, newest last. */
  function watching(client: Reactions, pages: readonly string[]): PageCounts[] {
    const heard: PageCounts[] = [];
    endings.push(client.watch(pages, (counts) => heard.push(counts)));
    return heard;
  }

  const sees = (heard: readonly PageCounts[], great: number) =>
    until(`great ${great}`, () => heard.at(-1)?.counts.great === great);

  it("P10: votes over HTTP, switches, withdraws, and knows what it holds", async () => {
    const [page, client] = [freshPage(), open()];
    expect(await client.mine([page])).toEqual(new Map([[page, null]]));
    expect(await client.vote(page, "great")).toMatchObject({ page, reaction: "great" });
    await client.vote(page, "sad");
    await until("sad 1", async () => (await client.counts([page]))[0]?.counts.sad === 1);
    expect(await client.mine([page])).toEqual(new Map([[page, "sad"]]));
    await client.vote(page, null);
    await until("total 0", async () => (await client.counts([page]))[0]?.total === 0);
  });

  it("P10: hears the counts of this moment and every change, over one socket", async () => {
    const [page, other, client] = [freshPage(), freshPage(), open()];
    const heard = watching(client, [page]);
    const late = watching(client, [other, page]);
    await sees(heard, 0);
    await client.vote(page, "great");
    await sees(heard, 1);
    await sees(late, 1);
    const joined = watching(client, [page]);
    await sees(joined, 1);
    expect(heard.map(({ rev }) => rev)).toEqual([...new Set(heard.map(({ rev }) => rev))]);
  });

  it("P10: rests, wakes, and hears what it missed", async () => {
    const [page, client] = [freshPage(), open()];
    const heard = watching(client, [page]);
    await sees(heard, 0);
    client.rest();
    await tallied(service.url, { page, reaction: "great" });
    expect(heard.at(-1)?.counts.great).toBe(0);
    client.wake();
    await sees(heard, 1);
  });

  it("P11: asks for many pages with long names in more than one request, and keeps the order", async () => {
    const pages = Array.from({ length: 120 }, (_, index) => freshPage(`${index}-${"기".repeat(40)}`));
    const counts = await open().counts(pages);
    expect(counts.map(({ page }) => page)).toEqual(pages);
  });

  it("P11: refusals and outages are ServiceErrors with a code", async () => {
    const refused = async (action: Promise<unknown>) => {
      const error = await action.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ServiceError);
      return error as ServiceError;
    };
    expect(await refused(open().vote("", "great"))).toMatchObject({ code: "page_invalid", retryable: false });
    expect(await refused(open().vote(freshPage(), "nope"))).toMatchObject({ code: "reaction_unknown" });
    expect(await refused(open("nowhere").counts(["a"]))).toMatchObject({ code: "site_unknown", status: 404 });
    expect(() => open("../x")).toThrow(ServiceError);
    const nobody = new Reactions({ endpoint: "http://127.0.0.1:1" });
    expect(await refused(nobody.counts(["a"]))).toMatchObject({ code: "unreachable", retryable: true });
  });

  it("P11: a token that the service does not know is replaced once, and the vote counts", async () => {
    const page = freshPage();
    let kept: string | null = `a1.1.${"A".repeat(22)}.${"B".repeat(22)}`;
    const voter = {
      get: () => kept,
      set: (token: string | null) => {
        kept = token;
      },
    };
    const client = new Reactions({ endpoint: service.url, voter });
    await client.vote(page, "angry");
    await client.vote(page, "angry");
    await until("one vote", async () => (await countsOf(service.url, page)).total === 1);
  });
});
