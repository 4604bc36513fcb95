/** Where one Redis listens and keeps its data, as Redis itself sees it (inside a container that differs from here). */
export interface RedisPlace {
  readonly bind: string;
  readonly port: number;
  /** Absolute path of the data folder. */
  readonly dir: string;
}

/**
 * What every Redis that we start is told. A 202 means "on disk", so each write is synced before it is answered; nothing is
 * ever evicted; hashes stay packed up to the sizes that the tallies count on. The same words suit Valkey.
 */
export function redisArguments({ bind, port, dir }: RedisPlace): readonly string[] {
  return [
    ["--bind", bind],
    ["--port", String(port)],
    ["--dir", dir],
    ["--appendonly", "yes"],
    ["--appendfsync", "always"],
    // The append-only file is the truth; snapshots beside it would only cost forks.
    ["--save", ""],
    ["--maxmemory-policy", "noeviction"],
    ["--hash-max-listpack-entries", "128"],
    ["--hash-max-listpack-value", "64"],
    ["--daemonize", "no"],
  ].flat();
}
