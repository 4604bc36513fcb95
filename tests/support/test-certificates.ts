/** Certificates for tests, made by openssl: an authority, a server on loopback and a client that it signed, and a stranger. */
import { join } from "node:path";
import { runCommand } from "../../services/standalone/run-command.ts";

/** Paths of PEM files. */
export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Certificates {
  readonly caFile: string;
  /** Good for 127.0.0.1 and localhost. */
  readonly server: KeyPair;
  readonly client: KeyPair;
  /** The certificate of another authority, which signed none of these. */
  readonly strangerFile: string;
}

/** Makes them in a folder; they hold for a day. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const ca = await makeAuthority(folder, "ca");
  const stranger = await makeAuthority(folder, "stranger");
  return {
    caFile: ca.certFile,
    server: await makePair(folder, "server", ca),
    client: await makePair(folder, "client", ca),
    strangerFile: stranger.certFile,
  };
}

const CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function makeAuthority(folder: string, name: string): Promise<KeyPair> {
  const pair = pairOf(folder, name);
  await openssl(
    ...["req", "-x509", ...CURVE, "-keyout", pair.keyFile, "-out", pair.certFile],
    ...["-days", "1", "-subj", `/CN=test ${name}`],
  );
  return pair;
}

async function makePair(folder: string, name: string, ca: KeyPair): Promise<KeyPair> {
  const pair = pairOf(folder, name);
  await openssl(
    ...["req", "-x509", ...CURVE, "-keyout", pair.keyFile, "-out", pair.certFile],
    ...["-CA", ca.certFile, "-CAkey", ca.keyFile, "-days", "1", "-subj", `/CN=test ${name}`],
    ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=CA:FALSE"],
  );
  return pair;
}

function pairOf(folder: string, name: string): KeyPair {
  return { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
}

async function openssl(...args: readonly string[]): Promise<void> {
  const { ok, output } = await runCommand("openssl", args, { ms_max: 30_000 });
  if (!ok) throw new Error(`openssl ${args[0]}: ${output}`);
}
