/** Counts reach viewers whole, whatever their length: we write the frames ourselves (see send-to-room). */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { PAGE_ID_BYTES_MAX } from "../../shared/contract/page-id.ts";
import { newVoter, tallied, until } from "../support/reader.ts";
import { startService, type TestService } from "../support/start-service.ts";

let service: TestService;
beforeAll(async () => {
  service = await startService(inject("redisUrl"));
});
afterAll(() => service.stop());

test("P44: counts arrive whole, whether their message is short, long, or not of ASCII alone", async () => {
  const run = Date.now().toString(36);
  const pages = [
    ...Array.from({ length: 60 }, (_, n) => `${run}-${"x".repeat(n)}`),
    `${run}-${"é".repeat(100)}`,
    `${run}-`.padEnd(PAGE_ID_BYTES_MAX, "x"),
  ];
  const socket = await service.socket();
  const told = new Map<string, PageCounts>();
  socket.on("counts", (counts) => told.set(counts.page, counts));
  expect((await socket.emitWithAck("watch", { pages })).ok).toBe(true);
  const voter = await newVoter(service.url);
  await Promise.all(pages.map((page) => tallied(service.url, { page, reaction: "sad", voter })));
  await until("all counts", () => pages.every((page) => told.get(page)?.counts.sad === 1));
});
