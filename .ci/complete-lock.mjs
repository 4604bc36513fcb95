/**
 * Adds to package-lock.json the optional packages of other platforms (native builds for macOS, Windows, musl, …).
 * npm leaves out those that the registry of the moment does not have, and then `npm ci` refuses the file everywhere:
 * "Missing: … from lock file" (npm/cli#8320). Their versions are exact in whoever asks for them; what platform they are
 * for is in their names. Their hashes are unknown here, so npm adds them where they can be fetched.
 *
 * Run after every `npm install`: node .ci/complete-lock.mjs   With --check it changes nothing and fails when some are missing.
 */
import { readFileSync, writeFileSync } from "node:fs";

const FILE = new URL("../package-lock.json", import.meta.url);
const OS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const CPU = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const LIBC = { gnu: "glibc", gnueabihf: "glibc", musl: "musl", musleabihf: "musl" };

const lock = JSON.parse(readFileSync(FILE, "utf8"));
const { packages } = lock;
const added = [];
for (const [path, { dev, optionalDependencies = {} }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages) continue;
    const words = name.split(/[/-]/);
    const os = words.filter((word) => OS.includes(word));
    const cpu = words.filter((word) => CPU.includes(word));
    const libc = words.flatMap((word) =>
      os.includes("linux") && Object.hasOwn(LIBC, word) ? [LIBC[word]] : [],
    );
    if (!/^\d+\.\d+\.\d+$/.test(version) || os.length !== 1 || cpu.length !== 1) {
      throw new Error(`${path} may use ${name}@${version}, whose platform its name does not tell`);
    }
    packages[`node_modules/${name}`] = {
      version,
      cpu,
      ...(dev ? { dev } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      optional: true,
      os,
    };
    added.push(`${name}@${version}`);
  }
}
if (process.argv.includes("--check")) {
  if (added.length > 0)
    console.error(`package-lock.json lacks ${added.join(" ")}: run node .ci/complete-lock.mjs`);
  process.exit(added.length > 0 ? 1 : 0);
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} packages of other platforms added`);
