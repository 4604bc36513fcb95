import { describe, expect, it } from "vitest";
import { runCommand } from "../../services/standalone/run-command.ts";
import { containerOf, docker, inside } from "./compose.ts";

const SERVICES = ["api-1", "api-2", "worker-1", "worker-2", "realtime-1", "realtime-2"];
/** What the image adds to Node's own. */
const OWN_BYTES_MAX = 64 * 1024 * 1024;

describe("the image", () => {
  it("S40: runs as nobody in particular, without privileges, and cannot change itself", async () => {
    for (const service of [...SERVICES, "redis", "proxy"]) {
      const container = await containerOf(service);
      const confinement = await docker(
        "inspect",
        "--format",
        "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}",
        container,
      );
      expect(confinement).toMatch(/^[1-9]\d+:\d+ true \[ALL\] \[no-new-privileges:true\]$/);
    }
    const status = await inside("api-1", "cat", "/proc/1/status");
    expect(status).toMatch(/^Uid:\s+1000\s+1000\s+1000\s+1000$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    const write = `require("fs").writeFileSync("/app/package.json", "")`;
    await expect(inside("api-1", "node", "-e", write)).rejects.toThrow(/EROFS/);
  });

  it("S40: holds what runs, and neither sources nor tools nor secrets", async () => {
    const files = (await inside("api-1", "find", "/app", "-type", "f")).split("\n");
    expect(files).toContain("/app/dist/services/api/main.js");
    expect(files.filter((file) => /\.ts$|\/(?:tsx|typescript|vitest|esbuild|knip)\//.test(file))).toEqual([]);
    expect(files.filter((file) => /\/\.(?:env|npmrc)$/.test(file))).toEqual([]);
    const sizes = (await inside("api-1", "du", "-sk", "/app")).split("\t");
    expect(Number(sizes[0]) * 1024).toBeLessThan(OWN_BYTES_MAX);
  });

  it("S41: without SECRET nothing starts, and one sentence says why", async () => {
    const command = ["compose", "--env-file", "/dev/null", "config", "--quiet"];
    const { ok, output } = await runCommand("docker", command, { ms_max: 60_000, env: { SECRET: "" } });
    expect(ok).toBe(false);
    expect(output).toMatch(/SECRET.*missing.*set SECRET in \.env/);
  });
});
