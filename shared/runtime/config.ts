/**
 * Settings, from the environment, parsed once. All faults are reported together, each as "NAME: expected …, got …".
 */
import { isIP } from "node:net";
import { z } from "zod";
import { LOG_LEVELS } from "./log.ts";
import { parseSecrets, type SecretKey } from "./parse-secrets.ts";
import { nodesSchema, type RedisAddress, type RedisLogin, readTls, redisUrlSchema } from "./redis-address.ts";

const portNumber = whole(0, 65_535);

/** Addresses that only this machine can reach. */
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;

const Environment = z.object({
  PORT: setting(portNumber, "a port number from 0 to 65535 (0: any free one)", "3000"),
  HOST: setting(z.string().min(1).max(255), "an address or host name to listen on", "127.0.0.1"),
  REDIS_URL: setting(
    redisUrlSchema().optional(),
    "a URL like redis://host:6379, rediss://host:6379 or redis+sentinel://host:26379,host:26379/master-name",
  ),
  REDIS_CLUSTER: setting(nodesSchema().optional(), "host:port,host:port,…"),
  REDIS_USERNAME: setting(z.string().optional(), "a user of Redis"),
  REDIS_PASSWORD: setting(z.string().optional(), "the user's password"),
  REDIS_TLS: setting(z.enum(["on", "off"]).optional(), "on or off"),
  REDIS_TLS_CA_FILE: setting(z.string().optional(), "the path of a PEM file"),
  REDIS_TLS_CERT_FILE: setting(z.string().optional(), "the path of a PEM file"),
  REDIS_TLS_KEY_FILE: setting(z.string().optional(), "the path of a PEM file"),
  REDIS_SERVER_BIN: setting(z.string().optional(), "the path of a redis-server or valkey-server"),
  DATA_DIR: setting(z.string().min(1), "a folder to keep data and secrets in", ".data"),
  SECRET: setting(
    z
      .string()
      .transform((text) => parseSecrets(text))
      .refine((secrets) => secrets !== undefined)
      .optional(),
    "a secret of 16 characters or more, or id:secret,id:secret,… with the newest first: any but the last as +id:secret if it signs nothing yet, the last as *:secret if it signs nothing any more, and one that signs",
  ),
  ADMIN_TOKEN: setting(
    z
      .string()
      .regex(/^\S{16,256}$/)
      .optional(),
    "a token of 16 to 256 characters without spaces",
  ),
  SITES_FILE: setting(z.string().optional(), "the path of a JSON file"),
  PUBLISH: setting(z.string().optional(), "where a container's port is published, as in 127.0.0.1:8080"),
  OPEN: setting(z.enum(["on", "off"]), "on or off", "off"),
  QUEUE_SHARDS: setting(whole(1, 64).optional(), "a whole number from 1 to 64"),
  VOTE_MIN_REPLICAS: setting(whole(0, 8), "a whole number from 0 to 8", "0"),
  TRUST_PROXY: setting(
    trustedProxies(),
    "addresses or networks of the proxies in front, comma-separated, as in 10.0.0.0/8,127.0.0.1; not everybody, as /0 is",
    "",
  ),
  LOG_LEVEL: setting(z.enum(LOG_LEVELS), `one of ${LOG_LEVELS.join(", ")}`, "info"),
  WEBHOOKS_PRIVATE: setting(z.enum(["on", "off"]), "on or off", "off"),
  JWKS_PRIVATE: setting(z.enum(["on", "off"]), "on or off", "off"),
  LIMITS: setting(z.enum(["on", "off"]), "on or off", "on"),
});

/** The settings, checked. */
export interface Config extends RedisAddress {
  readonly port: number;
  readonly host: string;
  readonly redisServerBin: string | undefined;
  readonly dataDir: string;
  /** The first signs; all verify. Those that sign nothing yet stand last. */
  readonly secrets: readonly SecretKey[] | undefined;
  /**
   * Keys the pseudonyms and the names of accounts, so it must stay: the last one of `SECRET`, which is one of `secrets` or, as
   * `*:secret`, keys names and nothing else.
   */
  readonly nameSecret: string | undefined;
  readonly adminToken: string | undefined;
  readonly sitesFile: string | undefined;
  /** Where a container publishes its port, as in `127.0.0.1:8080`: who can reach it, whatever `host` is. */
  readonly publish?: string | undefined;
  /** Whether a service that others can reach may do without named sites. */
  readonly open: boolean;
  readonly queueShards: number;
  /** A vote is answered 202, and a tally taken for done, only once that many replicas have it. */
  readonly voteMinReplicas: number;
  readonly trustProxy: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Whether webhooks may call addresses of private networks. */
  readonly webhooksPrivate: boolean;
  /** Whether publishers' keys may be fetched from private networks, and without TLS. */
  readonly jwksPrivate: boolean;
  /** False only for tests and benchmarks on loopback. */
  readonly limits: boolean;
}

/** Settings that cannot be used; `faults` has one sentence for each. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The settings cannot be used:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/** Names whose values must not be repeated in an error message. */
const SECRET_NAMES = new Set([
  "SECRET",
  "ADMIN_TOKEN",
  "REDIS_URL",
  "REDIS_CLUSTER",
  "REDIS_USERNAME",
  "REDIS_PASSWORD",
]);

/**
 * The settings in `env`; empty values count as absent.
 * @throws ConfigError with every fault at once
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.keys(Environment.shape).map((name) => [name, env[name] || undefined]),
  );
  const parsed = Environment.safeParse(present);
  const faults = parsed.success ? [] : parsed.error.issues.map((issue) => faultOf(issue, present));
  const listens = present.HOST ?? "127.0.0.1";
  if (present.LIMITS === "off" && !LOOPBACK.test(listens)) {
    faults.push(`LIMITS: expected on unless HOST is loopback, got off with HOST ${JSON.stringify(listens)}`);
  }
  if (present.REDIS_URL !== undefined && present.REDIS_CLUSTER !== undefined) {
    faults.push("REDIS_CLUSTER: expected only one of REDIS_URL and REDIS_CLUSTER, got both");
  }
  if (present.REDIS_USERNAME !== undefined && present.REDIS_PASSWORD === undefined) {
    faults.push("REDIS_PASSWORD: expected the password of REDIS_USERNAME, got nothing");
  }
  if (!parsed.success) throw new ConfigError(faults);
  const { data } = parsed;
  const redis = redisOf(data, (fault) => faults.push(fault));
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    port: data.PORT,
    host: data.HOST,
    ...redis,
    redisServerBin: data.REDIS_SERVER_BIN,
    dataDir: data.DATA_DIR,
    secrets: data.SECRET?.verifying,
    nameSecret: data.SECRET?.naming,
    adminToken: data.ADMIN_TOKEN,
    sitesFile: data.SITES_FILE,
    publish: data.PUBLISH,
    open: data.OPEN === "on",
    queueShards: data.QUEUE_SHARDS ?? (redis.redisCluster === undefined ? SHARDS_ON_ONE : SHARDS_ON_CLUSTER),
    voteMinReplicas: data.VOTE_MIN_REPLICAS,
    trustProxy: data.TRUST_PROXY,
    logLevel: data.LOG_LEVEL,
    webhooksPrivate: data.WEBHOOKS_PRIVATE === "on",
    jwksPrivate: data.JWKS_PRIVATE === "on",
    limits: data.LIMITS === "on",
  };
}

/** On one Redis a second shard would only make commits smaller, and each costs as much as a large one. */
const SHARDS_ON_ONE = 1;

/** Spread evenly over 2, 3 or 6 masters. */
const SHARDS_ON_CLUSTER = 6;

/** Whether `host` can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Redis's settings together; `report` hears what does not fit. */
function redisOf(data: z.output<typeof Environment>, report: (fault: string) => void): RedisAddress {
  const url = data.REDIS_URL;
  const login: RedisLogin = {
    ...(data.REDIS_USERNAME === undefined ? {} : { username: data.REDIS_USERNAME }),
    ...(data.REDIS_PASSWORD === undefined ? {} : { password: data.REDIS_PASSWORD }),
  };
  const tls = {
    on: data.REDIS_TLS === undefined ? undefined : data.REDIS_TLS === "on",
    caFile: data.REDIS_TLS_CA_FILE,
    certFile: data.REDIS_TLS_CERT_FILE,
    keyFile: data.REDIS_TLS_KEY_FILE,
  };
  return {
    redisUrl: url?.kind === "single" ? url.url : undefined,
    redisCluster: data.REDIS_CLUSTER,
    redisSentinel: url?.kind === "sentinel" ? url.sentinel : undefined,
    redisLogin: login,
    redisTls: readTls(tls, url?.tls, report),
  };
}

function faultOf(issue: z.core.$ZodIssue, env: Readonly<Record<string, string | undefined>>): string {
  const name = String(issue.path[0]);
  const value = env[name];
  const got =
    value === undefined ? "nothing" : SECRET_NAMES.has(name) ? "something else" : JSON.stringify(value);
  return `${name}: expected ${issue.message}, got ${got}`;
}

/** A schema whose only message says what was expected. */
function setting<Schema extends z.ZodType>(schema: Schema, expected: string, otherwise?: string) {
  return z.unknown().transform((value, context): z.output<Schema> => {
    const parsed = schema.safeParse(value ?? otherwise);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: "custom", message: expected });
    return z.NEVER;
  });
}

function whole(least: number, most: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
}

function list() {
  return z.string().transform((text) =>
    text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
}

function trustedProxies() {
  return list().refine((parts) =>
    parts.every((part) => {
      const [address = "", bits, ...rest] = part.split("/");
      const version = isIP(address);
      if (version === 0 || rest.length > 0) return false;
      return (
        bits === undefined || (/^[1-9]\d{0,2}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
      );
    }),
  );
}
