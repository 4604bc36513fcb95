/** A PostgreSQL of its own, from Debian's package, with its data in a temporary folder. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onFreePort } from "../../../services/standalone/free-port.ts";
import { pinned } from "../begin.ts";

const VERSIONS = "/usr/lib/postgresql";

export interface Postgres {
  readonly pid: number;
  readonly port: number;
  /** Runs SQL in a database. */
  query(database: string, sql: string): string;
  stop(): Promise<void>;
}

/** The folder of the newest PostgreSQL's programs; undefined where the package is not installed. */
function programs(): string | undefined {
  try {
    const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))[0];
    return newest === undefined ? undefined : join(VERSIONS, newest, "bin");
  } catch {
    return undefined;
  }
}

export const hasPostgres = programs() !== undefined;

/** Its own settings, but for where it listens: what is acknowledged is on disk, as with our Redis. */
export async function startPostgres(core: number): Promise<Postgres> {
  const bin = programs();
  if (bin === undefined) throw new Error("no PostgreSQL here: apt-get install postgresql");
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-postgres-"));
  const account = accountOf();
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  const data = join(folder, "data");
  execFileSync(join(bin, "initdb"), ["-D", data, "-A", "trust", "-U", "bench"], { ...account, cwd: folder });
  const { port, child } = await onFreePort(async (port) => {
    const args = ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder];
    const [program, ...rest] = pinned(core, join(bin, "postgres"), args);
    const child = spawn(program, rest, { ...account, cwd: folder, stdio: "ignore" });
    while (child.exitCode === null && !(await listens(port)))
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
    return { port, child };
  });
  const address = ["-h", "127.0.0.1", "-p", String(port), "-U", "bench", "-At"];
  return {
    pid: child.pid ?? 0,
    port,
    query: (database, sql) =>
      execFileSync("psql", [...address, "-d", database, "-c", sql], {
        encoding: "utf8",
        stdio: "pipe",
      }).trim(),
    stop: async () => {
      const ended = once(child, "exit");
      // "Fast": open connections end. See pg_ctl(1).
      child.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; its package brings an account. */
function accountOf(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Not only the port: while it starts, a query is refused. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    // A request for TLS, which is answered by one byte once it serves.
    socket.once("connect", () => socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])));
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
