import { expect, test } from "vitest";
import { redisCommand } from "../../services/standalone/redis-command.ts";

const FOLDERS = {
  data: "/srv/data/redis",
  logFile: "/srv/data/redis.log",
  recordFile: "/srv/data/redis.json",
  containerName: "reader-reactions-redis-0",
};
const OWNER = { uid: 1000, gid: 1001 };

/** The value after a flag. */
function after(args: readonly string[], flag: string): string | undefined {
  return args[args.indexOf(flag) + 1];
}

test("S15: a binary listens on loopback only and syncs each write", () => {
  const source = { kind: "binary", path: "/bin/redis-server", version: "7.0.15" } as const;
  const { program, args, dir } = redisCommand(source, FOLDERS, 20_001, OWNER);
  expect(program).toBe("/bin/redis-server");
  expect(dir).toBe("/srv/data/redis");
  const expected = {
    "--bind": "127.0.0.1",
    "--port": "20001",
    "--dir": "/srv/data/redis",
    "--appendonly": "yes",
    "--appendfsync": "always",
    "--save": "",
    "--maxmemory-policy": "noeviction",
    "--hash-max-listpack-entries": "128",
    "--hash-max-listpack-value": "64",
    "--loglevel": "warning",
  };
  for (const [flag, value] of Object.entries(expected))
    expect([flag, after(args, flag)]).toEqual([flag, value]);
});

test("S15: a container is published on loopback only, with our folder, as us", () => {
  const source = { kind: "container", image: "redis:7.4", rootless: false } as const;
  const { program, args } = redisCommand(source, FOLDERS, 20_001, OWNER);
  expect(program).toBe("docker");
  expect(after(args, "--publish")).toBe("127.0.0.1:20001:6379");
  expect(after(args, "--volume")).toBe("/srv/data/redis:/data:Z");
  expect(after(args, "--user")).toBe("1000:1001");
  expect(after(args, "--appendfsync")).toBe("always");
  expect(after(args, "--dir")).toBe("/data");
});

test("S15: a container of a rootless engine runs as its root, which is us", () => {
  const source = { kind: "container", image: "redis:7.4", rootless: true } as const;
  expect(after(redisCommand(source, FOLDERS, 20_001, OWNER).args, "--user")).toBe("0:0");
});
