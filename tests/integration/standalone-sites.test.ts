import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { putSite } from "../../shared/moderation/site-store.ts";
import { writeSitesFile } from "../support/sites-file.ts";
import { openTestRedis } from "../support/tally-redis.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startTestRedis, type TestRedis } from "../support/test-redis.ts";

const MAIN = fileURLToPath(new URL("../../dist/services/standalone/main.js", import.meta.url));

// A Redis of its own: a site that is put is there for every service on it.
let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

/** `npm start` with these settings; resolves to what it said once it runs or has ended, and to its exit code in that case. */
async function start(env: Readonly<Record<string, string>>): Promise<{ said: string; code?: unknown }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, PORT: "0", REDIS_URL: server.url, DATA_DIR: temporaryFolder(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  const runs = new Promise<{ said: string }>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => {
        said += bytes.toString();
        if (said.includes("Press Ctrl-C")) resolve({ said });
      });
  });
  return await Promise.race([runs, once(child, "close").then(([code]: unknown[]) => ({ said, code }))]);
}

const REACHED = { HOST: "0.0.0.0" };

test("S61: reached from elsewhere, it starts once a site was named, and says what may be voted on", async () => {
  expect(await start({})).toMatchObject({
    said: expect.stringContaining("Open to this machine only; any page may be voted on."),
  });
  expect(await start(REACHED)).toMatchObject({ code: 1, said: expect.stringContaining("--open") });
  expect(await start({ ...REACHED, OPEN: "on" })).toMatchObject({
    said: expect.stringContaining("Open to the network: any page may be voted on."),
  });
  const sites = writeSitesFile([
    { id: "daily", name: "Daily", origins: ["https://daily.example"] },
    { id: "blog", name: "Blog" },
  ]);
  expect((await start({ SITES_FILE: sites })).said).toContain(
    "Open to this machine only, with the sites daily (pages of its origins may be voted on), blog (any page may be voted on).",
  );

  const { redis, lifecycle } = openTestRedis("worker", server.url);
  await putSite(redis, "weekly", { name: "Weekly", pages: { open: "registered" } });
  await lifecycle.stop();
  const { said, code } = await start(REACHED);
  expect(code).toBeUndefined();
  expect(said).toContain("Open to the network, with the site weekly (registered pages may be voted on).");
  expect(said).not.toContain("any page");
}, 120_000);
