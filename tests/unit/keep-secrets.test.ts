import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepSecrets } from "../../services/standalone/keep-secrets.ts";
import { ConfigError } from "../../shared/runtime/config.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const NONE = { secrets: undefined, nameSecret: undefined, adminToken: undefined };

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

test("S133: the first start makes secrets that only their owner can read; later starts have the same", () => {
  const dataDir = join(temporaryFolder(), "data");
  const first = keepSecrets({ ...NONE, dataDir });
  expect(first.secrets).toEqual([{ id: "1", secret: expect.stringMatching(/^[\w-]{43}$/) }]);
  expect(first.adminToken).toMatch(/^[\w-]{43}$/);
  expect(first.adminToken).not.toBe(first.secrets[0]?.secret);
  expect(readFileSync(first.adminTokenFile ?? "", "utf8").trim()).toBe(first.adminToken);
  expect([modeOf(dataDir), modeOf(join(dataDir, "secret")), modeOf(join(dataDir, "admin-token"))]).toEqual([
    "700",
    "600",
    "600",
  ]);
  expect(keepSecrets({ ...NONE, dataDir })).toEqual(first);
});

test("S133: two folders have different secrets", () => {
  const one = keepSecrets({ ...NONE, dataDir: temporaryFolder() });
  const other = keepSecrets({ ...NONE, dataDir: temporaryFolder() });
  expect(one.secrets).not.toEqual(other.secrets);
  expect(one.adminToken).not.toBe(other.adminToken);
});

test("S133: the environment wins, and nothing is written then", () => {
  const dataDir = join(temporaryFolder(), "never-made");
  const given = {
    secrets: [{ id: "2", secret: "from-the-environment" }],
    nameSecret: "older, from the environment",
    adminToken: "also-from-the-environment",
  };
  const kept = keepSecrets({ dataDir, ...given });
  expect(kept).toEqual({ ...given, adminTokenFile: undefined });
  expect(() => statSync(dataDir)).toThrow("ENOENT");
});

test("S133: the file takes several keys, newest first, as SECRET does", () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, "secret"), "b:0123456789abcdefghij,a:abcdefghij0123456789\n");
  expect(keepSecrets({ ...NONE, dataDir }).secrets.map((key) => key.id)).toEqual(["b", "a"]);
  writeFileSync(join(dataDir, "secret"), "+b:0123456789abcdefghij,a:abcdefghij0123456789\n");
  expect(keepSecrets({ ...NONE, dataDir }).secrets.map((key) => key.id)).toEqual(["a", "b"]);
  writeFileSync(join(dataDir, "secret"), "b:0123456789abcdefghij,*:abcdefghij0123456789\n");
  expect(keepSecrets({ ...NONE, dataDir })).toMatchObject({
    secrets: [{ id: "b" }],
    nameSecret: "abcdefghij0123456789",
  });
});

test("S133: a file that others could read is closed to them", () => {
  const dataDir = temporaryFolder();
  keepSecrets({ ...NONE, dataDir });
  chmodSync(join(dataDir, "secret"), 0o644);
  keepSecrets({ ...NONE, dataDir });
  expect(modeOf(join(dataDir, "secret"))).toBe("600");
});

test.each(["", "\n", "too short"])("S133: a secret file of %j is refused, not replaced", (text) => {
  const dataDir = temporaryFolder();
  const path = join(dataDir, "secret");
  writeFileSync(path, text);
  const keep = () => keepSecrets({ ...NONE, dataDir });
  expect(keep).toThrow(ConfigError);
  expect(keep).toThrow(path);
  expect(readFileSync(path, "utf8")).toBe(text);
});

test("S133: a data folder that cannot be one is refused with its name", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => keepSecrets({ ...NONE, dataDir: file })).toThrow(/DATA_DIR: expected .*file/);
});
