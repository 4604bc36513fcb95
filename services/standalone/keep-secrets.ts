/** The secrets of a service that was given none: made on the first start, kept in the data folder, read back later. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Config, ConfigError, readConfig } from "../../shared/runtime/config.ts";
import type { SecretKey } from "../../shared/runtime/parse-secrets.ts";
import { createFile } from "./create-file.ts";
import { readFileIfAny } from "./read-file-if-any.ts";

/** Random bytes of a new secret. */
const SECRET_BYTES = 32;

/** The secrets to run with. */
export interface KeptSecrets {
  /** As in `Config`. */
  readonly secrets: readonly SecretKey[];
  readonly nameSecret: string;
  readonly adminToken: string;
  /** Where the admin token is kept; undefined when it came from the environment. */
  readonly adminTokenFile: string | undefined;
}

/**
 * The secrets from the environment, else from `DATA_DIR/secret` and `DATA_DIR/admin-token`, which are made when they are
 * not there. `secret` holds what `SECRET` could hold, so keys are changed by editing it.
 * @throws ConfigError when a file cannot be read or holds something else
 */
export function keepSecrets(
  config: Pick<Config, "dataDir" | "secrets" | "nameSecret" | "adminToken">,
): KeptSecrets {
  const adminTokenFile = resolve(config.dataDir, "admin-token");
  return {
    ...(keysOf(config) ?? keptKeys(join(config.dataDir, "secret"))),
    adminToken: config.adminToken ?? keptToken(adminTokenFile),
    adminTokenFile: config.adminToken === undefined ? adminTokenFile : undefined,
  };
}

type Keys = Pick<KeptSecrets, "secrets" | "nameSecret">;

function keysOf({ secrets, nameSecret }: Pick<Config, "secrets" | "nameSecret">): Keys | undefined {
  return secrets === undefined || nameSecret === undefined ? undefined : { secrets, nameSecret };
}

function keptKeys(path: string): Keys {
  const keys = keysOf(inFile(path, (text) => readConfig({ SECRET: text })));
  if (keys === undefined) throw emptied(path);
  return keys;
}

function keptToken(path: string): string {
  const { adminToken } = inFile(path, (text) => readConfig({ ADMIN_TOKEN: text }));
  if (adminToken === undefined) throw emptied(path);
  return adminToken;
}

/** Reads the file, making it first when there is none; faults name the file. */
function inFile<T>(path: string, parse: (text: string) => T): T {
  const text = makeOrRead(path).trim();
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.faults.map((fault) => `${fault} in the file ${resolve(path)}`));
  }
}

function makeOrRead(path: string): string {
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    // Two first starts at once: the loser reads what the winner made.
    createFileIfNone(path);
    const text = readFileIfAny(path);
    // A copy or an editor may have opened it to others.
    chmodSync(path, 0o600);
    return text ?? "";
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`DATA_DIR: expected a folder to keep secrets in, got ${why}`]);
  }
}

function createFileIfNone(path: string): void {
  if (readFileIfAny(path) === undefined) {
    createFile(path, `${randomBytes(SECRET_BYTES).toString("base64url")}\n`);
  }
}

function emptied(path: string): ConfigError {
  return new ConfigError([
    `DATA_DIR: expected a secret in the file ${resolve(path)}, got nothing; put it back from a backup, or delete the file to have a new one made`,
  ]);
}
