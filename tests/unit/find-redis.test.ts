import { describe, expect, test } from "vitest";
import { findRedis, NoRedisError, type RedisProbes } from "../../services/standalone/find-redis.ts";

const NOTHING: RedisProbes = {
  isExecutable: async () => false,
  onPath: async () => undefined,
  versionOf: async () => undefined,
  askForImage: async () => ({ kind: "no engine" }),
  canInstallPackages: async () => false,
  installPackage: async () => expect.unreachable("installs without being allowed to"),
};

/** A system with these servers on PATH: version by name. */
function withServers(servers: Record<string, string>): Partial<RedisProbes> {
  return {
    onPath: async (program) => (program in servers ? `/bin/${program}` : undefined),
    versionOf: async (path) => servers[path.replace("/bin/", "")],
  };
}

async function find(probes: Partial<RedisProbes>, bin?: string) {
  const lines: string[] = [];
  const wish = { bin, image: "redis:7.4" };
  const found = findRedis(wish, { ...NOTHING, ...probes }, (line) => lines.push(line));
  const source = await found.catch((error: unknown) => error);
  return { source, lines };
}

describe("a Redis to start", () => {
  test("S132: is the one in REDIS_SERVER_BIN when that can be run", async () => {
    const { source } = await find(
      {
        ...withServers({ "redis-server": "7.0.0" }),
        isExecutable: async () => true,
        versionOf: async () => "8.2.1",
      },
      "/opt/redis-server",
    );
    expect(source).toEqual({ kind: "binary", path: "/opt/redis-server", version: "8.2.1" });
  });

  test.each<[string, Partial<RedisProbes>]>([
    ["cannot be run", { isExecutable: async () => false }],
    ["tells no such version", { isExecutable: async () => true, versionOf: async () => undefined }],
    ["is 6.2.14", { isExecutable: async () => true, versionOf: async () => "6.2.14" }],
  ])("S132: is not looked for elsewhere when REDIS_SERVER_BIN %s", async (why, probes) => {
    const { source } = await find({ onPath: async () => "/bin/redis-server", ...probes }, "/opt/broken");
    expect(source).toBeInstanceOf(NoRedisError);
    expect(source).toHaveProperty(
      "message",
      expect.stringMatching(/REDIS_SERVER_BIN: expected .*"\/opt\/broken"/),
    );
    expect(source).toHaveProperty("message", expect.stringContaining(why));
  });

  test("S132: is Valkey before Redis on PATH", async () => {
    const { source } = await find(withServers({ "valkey-server": "8.0.1", "redis-server": "7.0.15" }));
    expect(source).toEqual({ kind: "binary", path: "/bin/valkey-server", version: "8.0.1" });
  });

  test("S132: is not an older one on PATH, and that is said", async () => {
    const { source, lines } = await find({
      ...withServers({ "redis-server": "6.0.16" }),
      askForImage: async () => ({ kind: "ready", rootless: false }),
    });
    expect(source).toEqual({ kind: "container", image: "redis:7.4", rootless: false });
    expect(lines).toEqual(["Passing over /bin/redis-server: it is 6.0.16, not 7 or newer."]);
  });

  test("S132: is a container before a package is installed", async () => {
    const { source } = await find({
      askForImage: async () => ({ kind: "ready", rootless: true }),
      canInstallPackages: async () => true,
    });
    expect(source).toEqual({ kind: "container", image: "redis:7.4", rootless: true });
  });

  test("S132: is the system's package, announced before it is installed, when Docker has no image", async () => {
    const order: string[] = [];
    const servers: Record<string, string> = {};
    const source = await findRedis(
      { bin: undefined, image: "redis:7.4" },
      {
        ...NOTHING,
        ...withServers(servers),
        askForImage: async () => ({ kind: "no image", why: "no network" }),
        canInstallPackages: async () => true,
        installPackage: async () => {
          order.push("installed");
          servers["redis-server"] = "7.0.15";
          return undefined;
        },
      },
      (line) => order.push(line),
    );
    expect(source).toEqual({ kind: "binary", path: "/bin/redis-server", version: "7.0.15" });
    expect(order).toEqual([
      "Passing over Docker: it has no image redis:7.4: no network",
      expect.stringContaining("apt-get"),
      "installed",
    ]);
  });

  test("S132: is named for every system when there is none, with what was passed over", async () => {
    const { source } = await find({
      canInstallPackages: async () => true,
      installPackage: async () => "this system has version 6.0.16",
    });
    expect(source).toBeInstanceOf(NoRedisError);
    for (const part of ["apt-get", "dnf", "apk", "brew", "WSL", "Docker", "REDIS_URL", "6.0.16"]) {
      expect(source).toHaveProperty("message", expect.stringContaining(part));
    }
  });
});
