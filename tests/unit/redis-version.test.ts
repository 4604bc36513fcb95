import { expect, test } from "vitest";
import { isDebianLike } from "../../services/standalone/probe-system.ts";
import { isNewEnough, parseCandidate, parseVersion } from "../../services/standalone/redis-version.ts";

test.each([
  ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d", "7.0.15"],
  ["Valkey server v=8.1.3 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=7f1b", "8.1.3"],
  ["redis-cli 7.0.15", undefined],
  ["", undefined],
])("S132: the version in %j is %s", (printed, version) => {
  expect(parseVersion(printed)).toBe(version);
});

test.each([
  ["redis-server:\n  Installed: (none)\n  Candidate: 5:7.0.15-1~deb12u10\n", "7.0.15"],
  ["redis-server:\n  Installed: (none)\n  Candidate: 8.0.2-3\n", "8.0.2"],
  ["redis-server:\n  Installed: (none)\n  Candidate: (none)\n", undefined],
])("S132: the candidate in %j is %s", (printed, version) => {
  expect(parseCandidate(printed)).toBe(version);
});

test.each([
  ["6.2.14", false],
  ["7.0.0", true],
  ["10.1.0", true],
])("S132: whether %s is new enough: %s", (version, enough) => {
  expect(isNewEnough(version)).toBe(enough);
});

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', true],
  ["NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\n", true],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ["ID=fedora\nVERSION_ID=40\n", false],
  ["NAME=debian\n", false],
])("S132: whether the system in %j takes Debian's packages: %s", (text, like) => {
  expect(isDebianLike(text)).toBe(like);
});
