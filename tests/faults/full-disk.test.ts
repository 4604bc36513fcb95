/** `npm start` on a disk that fills up: Redis ends itself then, and must come back when there is room, not take the service along. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { roomOnDisk_bytes } from "../../services/standalone/room-on-disk.ts";
import { findServer } from "../support/find-server.ts";
import { countsOf, freshPage, newVoter, until, vote } from "../support/reader.ts";
import { makeSmallDisk } from "./rig/small-disk.ts";

/** Left for Redis to write into before the disk is full. */
const LEFT_BYTES = 40_000;

async function startOn(dataDir: string) {
  const main = fileURLToPath(new URL("../../dist/services/standalone/main.js", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      PORT: "0",
      LIMITS: "off",
      DATA_DIR: dataDir,
      REDIS_SERVER_BIN: (await findServer()).path,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => {
      said += bytes.toString();
    });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
  });
  const address = () => /API +(http:\S+)\/docs/.exec(said)?.[1];
  await until("the service to listen", () => address() !== undefined || child.exitCode !== null, 30_000);
  return { url: address() ?? expect.unreachable(said), child, said: () => said };
}

// Mounting takes root.
it.skipIf(process.getuid?.() !== 0)(
  "S15: a disk that is full for longer than Redis dies rapidly ends nothing for good, and every accepted vote is kept",
  { timeout: 120_000 },
  async () => {
    const disk = makeSmallDisk(12);
    onTestFinished(() => disk.remove());
    const dataDir = join(disk.folder, "data");
    const { url, child, said } = await startOn(dataDir);
    const page = freshPage();
    const ballast = join(disk.folder, "ballast");
    let accepted = 0;
    const press = async (): Promise<number> => {
      const { status } = await vote(url, { page, reaction: "great", voter: await newVoter(url) });
      if (status === 202) accepted++;
      return status;
    };
    expect(await press()).toBe(202);
    writeFileSync(ballast, Buffer.alloc(Math.max(0, (roomOnDisk_bytes(disk.folder) ?? 0) - LEFT_BYTES)));
    // Whoever presses finds out; with nobody there Redis need not die.
    await until(
      "Redis to keep dying",
      async () => {
        if (child.exitCode !== null) expect.unreachable(said());
        await press().catch(() => {});
        return said().includes("Redis keeps dying");
      },
      60_000,
    );
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    rmSync(ballast);
    await until("a vote to be taken", async () => (await press().catch(() => 503)) === 202, 30_000);
    await until(
      "all accepted votes",
      async () => Number((await countsOf(url, page)).total) >= accepted,
      30_000,
    );
    expect(child.exitCode).toBeNull();
  },
);
