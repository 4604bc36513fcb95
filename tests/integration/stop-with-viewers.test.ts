/** A stop while viewers are connected who do not hear of it. */
import { expect, inject, it } from "vitest";
import { Lifecycle } from "../../shared/runtime/lifecycle.ts";
import { openRawViewers } from "../faults/rig/raw-viewer.ts";
import { connectReader } from "../support/connect-reader.ts";
import { freshPage } from "../support/reader.ts";
import { startByParts } from "../support/start-by-parts.ts";

it("S160: a stop does not wait for viewers who answer no farewell, and those who do are told first", async () => {
  const failed: string[] = [];
  const lifecycle = new Lifecycle((part) => failed.push(part));
  const url = await startByParts(inject("redisUrl"), lifecycle, {});
  const asleep = await openRawViewers({ ports: [Number(new URL(url).port)], pages: [freshPage()], count: 3 });
  const gone = Promise.all(asleep.map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  const awake = await connectReader(url, new Lifecycle());
  const reason = new Promise((resolve) => awake.once("disconnect", resolve));
  await lifecycle.stop();
  // Their connections are cut, and nothing had to be given up.
  await gone;
  expect(failed).toEqual([]);
  // Not cut off: told, so that it comes back.
  expect(await reason).toBe("transport close");
  awake.disconnect();
});
