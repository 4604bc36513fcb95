/** The check that goes on by itself: nothing in these tests asks for it. */
import { io } from "socket.io-client";
import { expect, inject, it, onTestFinished } from "vitest";
import type { PageCounts } from "../../shared/contract/counts.ts";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { pageKeys } from "../../shared/tallies/page-keys.ts";
import { freshPage, tallied, until } from "../support/reader.ts";
import type { ReaderSocket } from "../support/reader-socket.ts";
import { startByParts } from "../support/start-by-parts.ts";
import { openTestRedis } from "../support/tally-redis.ts";

it("P6: viewers who were told less than Redis holds are told by the next check, and the one after it", async () => {
  const lifecycle = new Lifecycle();
  onTestFinished(() => lifecycle.stop());
  const { redis, lifecycle: own } = openTestRedis();
  onTestFinished(() => own.stop());
  const url = await startByParts(inject("redisUrl"), lifecycle, { realtime: { check_ms: 100 } });
  const page = freshPage();
  await tallied(url, { page, reaction: "great" });

  const socket: ReaderSocket = io(url, {
    transports: ["websocket"],
    auth: { site: "default" },
    forceNew: true,
  });
  lifecycle.onStop("socket", () => socket.disconnect());
  const heard: PageCounts[] = [];
  socket.on("counts", (counts) => heard.push(counts));
  const ack = await socket.emitWithAck("watch", { pages: [page] });
  expect(ack).toMatchObject({ ok: true, pages: [{ total: 1, rev: 1 }] });

  for (const rev of [7, 8]) {
    // As if its message had been lost: changed without a word.
    await redis.hset(pageKeys("default", page).hash, { rev, 0: rev });
    await until(`revision ${rev}`, () => heard.at(-1)?.rev === rev, 20_000);
    expect(heard.at(-1)).toMatchObject({ page, total: rev });
  }
});
