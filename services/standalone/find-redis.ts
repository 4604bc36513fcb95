/**
 * By which Redis the service runs when the operator names none. The order: the binary named in REDIS_SERVER_BIN, a
 * binary on PATH, a container, the system's own package. Only decides; the probes touch the system.
 */
import { isNewEnough, MAJOR_VERSION_MIN } from "./redis-version.ts";

/** A Redis that can be started. */
export type RedisSource =
  | { readonly kind: "binary"; readonly path: string; readonly version: string }
  | { readonly kind: "container"; readonly image: string; readonly rootless: boolean };

/** What an engine said when asked for an image. */
export type ImageAnswer =
  | { readonly kind: "ready"; readonly rootless: boolean }
  | { readonly kind: "no engine" }
  | { readonly kind: "no image"; readonly why: string };

/** What can be asked of the system. Every probe is bounded in time and never rejects. */
export interface RedisProbes {
  isExecutable(path: string): Promise<boolean>;
  /** The absolute path of a program on PATH. */
  onPath(program: string): Promise<string | undefined>;
  /** The version of a Redis or Valkey server; undefined when it does not tell one. */
  versionOf(path: string): Promise<string | undefined>;
  /** Whether a container engine answers and has, or can fetch, the image. */
  askForImage(image: string): Promise<ImageAnswer>;
  /** Whether this is Debian or Ubuntu and we may install packages on it. */
  canInstallPackages(): Promise<boolean>;
  /** Installs the redis-server package without leaving a service; resolves to the reason when that failed. */
  installPackage(): Promise<string | undefined>;
}

/** No Redis can be started. The message is for people and says what to do. */
export class NoRedisError extends Error {
  override readonly name = "NoRedisError";
}

/** What the operator wishes. */
export interface RedisWish {
  /** REDIS_SERVER_BIN: this one or none. */
  readonly bin: string | undefined;
  /** The image of the container, when it comes to that. */
  readonly image: string;
}

const PROGRAMS = ["valkey-server", "redis-server"] as const;

/**
 * Finds a Redis to start.
 * @param announce hears one line before anything that takes long or changes the system, and for each find passed over
 * @throws NoRedisError when there is none, or when the one that was asked for cannot be used
 */
export async function findRedis(
  wish: RedisWish,
  probes: RedisProbes,
  announce: (line: string) => void,
): Promise<RedisSource> {
  if (wish.bin !== undefined) return named(wish.bin, probes);
  const passedOver: string[] = [];
  const passOver = (reason: string) => {
    passedOver.push(reason);
    announce(reason);
  };
  return (
    (await onPath(probes, passOver)) ??
    (await inContainer(wish.image, probes, passOver)) ??
    (await fromPackage(probes, announce, passOver)) ??
    none(passedOver)
  );
}

async function named(path: string, probes: RedisProbes): Promise<RedisSource> {
  const expected = `REDIS_SERVER_BIN: expected the path of a redis-server or valkey-server ${MAJOR_VERSION_MIN} or newer`;
  const got = `got ${JSON.stringify(path)}`;
  if (!(await probes.isExecutable(path))) throw new NoRedisError(`${expected}, ${got}, which cannot be run`);
  const version = await probes.versionOf(path);
  if (version === undefined) throw new NoRedisError(`${expected}, ${got}, which tells no such version`);
  if (!isNewEnough(version)) throw new NoRedisError(`${expected}, ${got}, which is ${version}`);
  return { kind: "binary", path, version };
}

async function onPath(
  probes: RedisProbes,
  passOver: (reason: string) => void,
): Promise<RedisSource | undefined> {
  for (const program of PROGRAMS) {
    const path = await probes.onPath(program);
    if (path === undefined) continue;
    const version = await probes.versionOf(path);
    if (version !== undefined && isNewEnough(version)) return { kind: "binary", path, version };
    passOver(
      `Passing over ${path}: it is ${version ?? "of no known version"}, not ${MAJOR_VERSION_MIN} or newer.`,
    );
  }
  return undefined;
}

async function inContainer(
  image: string,
  probes: RedisProbes,
  passOver: (reason: string) => void,
): Promise<RedisSource | undefined> {
  const answer = await probes.askForImage(image);
  if (answer.kind === "ready") return { kind: "container", image, rootless: answer.rootless };
  if (answer.kind === "no image") passOver(`Passing over Docker: it has no image ${image}: ${answer.why}`);
  return undefined;
}

async function fromPackage(
  probes: RedisProbes,
  announce: (line: string) => void,
  passOver: (reason: string) => void,
): Promise<RedisSource | undefined> {
  if (!(await probes.canInstallPackages())) return undefined;
  announce(
    "No Redis found: installing the package redis-server with apt-get (no system service is started).",
  );
  const failure = await probes.installPackage();
  if (failure === undefined) return onPath(probes, passOver);
  passOver(`The package redis-server was not installed: ${failure}`);
  return undefined;
}

function none(passedOver: readonly string[]): never {
  throw new NoRedisError(
    [
      `No Redis or Valkey ${MAJOR_VERSION_MIN} or newer was found. Any one of these will do:`,
      "  Debian, Ubuntu   sudo apt-get install redis-server",
      "  Fedora           sudo dnf install valkey",
      "  Alpine           sudo apk add valkey",
      "  macOS            brew install redis",
      "  Windows          use WSL, or start Docker Desktop",
      "  anywhere         start Docker, or set REDIS_URL to a Redis that you already have",
      ...passedOver,
    ].join("\n"),
  );
}
