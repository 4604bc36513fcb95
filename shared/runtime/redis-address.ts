/** Where Redis is and how to get in: one Redis, Sentinels that know it, or a Cluster. Parts of the settings. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";

/** A node of a Cluster, or a Sentinel, to learn the others from. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** Sentinels, and the name under which they know the master. */
export interface SentinelAddress {
  readonly nodes: readonly RedisNode[];
  readonly master: string;
  readonly db: number;
  readonly login: RedisLogin;
}

export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
}

/** PEM texts. Without `ca` the system's authorities are trusted; `cert` and `key` show who we are. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** At most one of the first three is given. */
export interface RedisAddress {
  readonly redisUrl: string | undefined;
  readonly redisCluster: readonly RedisNode[] | undefined;
  readonly redisSentinel?: SentinelAddress | undefined;
  readonly redisLogin?: RedisLogin;
  /** Undefined: whatever the URL says. */
  readonly redisTls?: RedisTls | undefined;
}

/** What `REDIS_URL` may be. */
export type RedisUrl =
  | { readonly kind: "single"; readonly url: string; readonly tls: boolean }
  | { readonly kind: "sentinel"; readonly sentinel: SentinelAddress; readonly tls: boolean };

const SENTINEL_URL =
  /^redis(s?)\+sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^/?#@]+)\/([A-Za-z0-9._-]+)(?:\/(\d{1,4}))?$/;

/** `redis://…`, `rediss://…`, or `redis+sentinel://[[user]:password@]host:port,host:port/master-name[/db]`. */
export function redisUrlSchema() {
  return z.string().transform((text, context): RedisUrl => {
    const [, s, user = "", password = "", hosts, master = "", db = "0"] = SENTINEL_URL.exec(text) ?? [];
    if (hosts !== undefined) {
      const nodes = nodesSchema().safeParse(hosts);
      const login = decoded(user, password);
      if (nodes.success && login !== undefined) {
        const sentinel = { nodes: nodes.data, master, db: Number(db), login };
        return { kind: "sentinel", sentinel, tls: s === "s" };
      }
    } else if (z.url({ protocol: /^rediss?$/ }).safeParse(text).success) {
      return { kind: "single", url: text, tls: text.startsWith("rediss:") };
    }
    context.addIssue("no URL of Redis");
    return z.NEVER;
  });
}

/** `host:port,host:port,…`; an IPv6 address stands in brackets. */
export function nodesSchema() {
  return z.string().transform((text, context): readonly RedisNode[] => {
    const parts = text
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const nodes = parts.flatMap((part): readonly RedisNode[] => {
      const [, bracketed, plain, port] =
        /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:@/[\]]+)):(\d{1,5})$/.exec(part) ?? [];
      const host = bracketed ?? plain;
      return host === undefined || Number(port) > 65_535 || Number(port) === 0
        ? []
        : [{ host, port: Number(port) }];
    });
    if (parts.length === 0 || nodes.length < parts.length) context.addIssue("not host:port");
    return nodes;
  });
}

/** The TLS settings as they stand in the environment. */
export interface TlsSettings {
  readonly on: boolean | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

/**
 * Reads the files and checks that the settings fit together.
 * @param urlTls what the URL asks for; undefined without a URL
 * @param report hears of each fault, as a sentence
 */
export function readTls(
  { on, caFile, certFile, keyFile }: TlsSettings,
  urlTls: boolean | undefined,
  report: (fault: string) => void,
): RedisTls | undefined {
  if (on === false && urlTls === true) report("REDIS_TLS: expected on, or none, with a rediss URL, got off");
  const wanted = on ?? urlTls ?? false;
  const files = { REDIS_TLS_CA_FILE: caFile, REDIS_TLS_CERT_FILE: certFile, REDIS_TLS_KEY_FILE: keyFile };
  const given = Object.entries(files).flatMap(([name, file]) => (file === undefined ? [] : [name]));
  if (!wanted) {
    if (given.length > 0)
      report(`REDIS_TLS: expected on, or a rediss URL, together with ${given.join(" and ")}, got neither`);
    return undefined;
  }
  if ((certFile === undefined) !== (keyFile === undefined)) {
    const [has, lacks] = certFile === undefined ? ["KEY", "CERT"] : ["CERT", "KEY"];
    report(`REDIS_TLS_${lacks}_FILE: expected a PEM file beside REDIS_TLS_${has}_FILE, got nothing`);
  }
  const ca = readPem("REDIS_TLS_CA_FILE", caFile, "certificate", readCertificate, report);
  const cert = readPem("REDIS_TLS_CERT_FILE", certFile, "certificate", readCertificate, report);
  const key = readPem("REDIS_TLS_KEY_FILE", keyFile, "private key", createPrivateKey, report);
  if (cert !== undefined && key !== undefined && !cert.parsed.checkPrivateKey(key.parsed))
    report("REDIS_TLS_KEY_FILE: expected the key of the certificate in REDIS_TLS_CERT_FILE, got another one");
  return {
    ...(ca === undefined ? {} : { ca: ca.text }),
    ...(cert === undefined ? {} : { cert: cert.text }),
    ...(key === undefined ? {} : { key: key.text }),
  };
}

/** A file's text and what it holds; undefined when there is none, or after a fault was reported. */
function readPem<Parsed>(
  name: string,
  file: string | undefined,
  kind: string,
  parse: (text: string) => Parsed,
  report: (fault: string) => void,
): { readonly text: string; readonly parsed: Parsed } | undefined {
  if (file === undefined) return undefined;
  const text = readIfAny(file);
  if (text?.includes("-----BEGIN ") !== true) {
    report(`${name}: expected a readable PEM file, got ${JSON.stringify(file)}`);
    return undefined;
  }
  try {
    return { text, parsed: parse(text) };
  } catch {
    report(`${name}: expected a PEM file with a ${kind}, got ${JSON.stringify(file)}`);
    return undefined;
  }
}

/** The first of the certificates, when there are several. */
function readCertificate(text: string): X509Certificate {
  return new X509Certificate(text);
}

function decoded(user: string, password: string): RedisLogin | undefined {
  try {
    return {
      ...(user === "" ? {} : { username: decodeURIComponent(user) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    };
  } catch {
    return undefined;
  }
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
