/** Waline and Parse Server, installed from npm's registry, on SQLite or on PostgreSQL, each with its settings as they come. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beginServer } from "../begin.ts";
import { type Postgres, startPostgres } from "./postgres.ts";
import { OTHER_CORE, readCounts, SERVER_CORE, type Way } from "./ways.ts";

/** The tables of Waline that a page with reactions reads, columns as its models name them; `serial` numbers the rows. */
const walineTables = (serial: string): string => `
  CREATE TABLE wl_counter (id ${serial}, url TEXT NOT NULL, time INTEGER,
    ${Array.from({ length: 9 }, (_, n) => `reaction${n} INTEGER`).join(", ")},
    createdat TIMESTAMP, updatedat TIMESTAMP);
  CREATE TABLE wl_comment (id ${serial}, user_id INTEGER, comment TEXT, insertedat TIMESTAMP, ip TEXT, link TEXT,
    mail TEXT, nick TEXT, pid INTEGER, rid INTEGER, sticky NUMERIC, status TEXT, "like" INTEGER, ua TEXT, url TEXT,
    createdat TIMESTAMP, updatedat TIMESTAMP);`;

const REACTIONS = ["reaction0", "reaction1", "reaction2", "reaction3"];

/** @param installed folder of @waline/vercel */
export function waline(installed: string, database: "SQLite" | "PostgreSQL"): Way {
  return {
    name: `Waline, ${database}`,
    begin: async () => {
      const { env, pids, stored_bytes, end } =
        database === "SQLite"
          ? await onSqlite(installed)
          : await onPostgres(walineTables("SERIAL PRIMARY KEY"));
      // It asks for the list of login services on every request: the nearest and shortest answer that there can be.
      const logins = createServer((_, response) => response.end('{"services":[]}'));
      await new Promise<void>((resolve) => logins.listen(0, "127.0.0.1", resolve));
      const { port } = logins.address() as AddressInfo;
      const program = join(installed, "node_modules/@waline/vercel/vanilla.js");
      const settings = { ...env, OAUTH_URL: `http://127.0.0.1:${port}`, JWT_TOKEN: "for benchmarks" };
      const readPath = (page: string): string =>
        `/api/article?path=${encodeURIComponent(page)}&type=${REACTIONS.join(",")}`;
      const server = await beginServer([program], SERVER_CORE, settings, readPath("/"));
      let pressed = 0;
      return {
        address: server.said,
        viewersAt: undefined,
        sender: undefined,
        ready_ms: server.ready_ms,
        pids: [server.pid, ...pids],
        readPath,
        press: (page) => ({ path: "/api/article", body: { path: page, type: REACTIONS[pressed++ % 4] } }),
        total: async (page) => {
          const answer = await readCounts<{ data: Record<string, number>[] }>(server.said + readPath(page));
          return sum(answer.data[0] ?? {});
        },
        settled: async () => {},
        stored_bytes,
        end: async () => {
          await server.end();
          logins.close();
          logins.closeAllConnections();
          await end();
        },
      };
    },
  };
}

async function onSqlite(installed: string) {
  const folder = mkdtempSync(join(tmpdir(), "reader-reactions-sqlite-"));
  const script = `new (require("sqlite3").Database)(process.argv[1]).exec(process.argv[2])`;
  const table = walineTables("INTEGER PRIMARY KEY AUTOINCREMENT");
  const file = join(folder, "waline.sqlite");
  execFileSync(process.execPath, ["-e", script, file, table], { cwd: installed });
  return {
    env: { SQLITE_PATH: folder },
    pids: [],
    stored_bytes: async () => statSync(file).size,
    end: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function onPostgres(table: string) {
  const postgres = await startPostgres(OTHER_CORE);
  postgres.query("postgres", "CREATE DATABASE waline");
  postgres.query("waline", table);
  return {
    env: { PG_DB: "waline", PG_USER: "bench", PG_PASSWORD: "none", PG_PORT: String(postgres.port) },
    pids: [postgres.pid],
    stored_bytes: async () => sizeOf(postgres, "waline"),
    end: () => postgres.stop(),
  };
}

/** Bytes of a database, without rows that are gone: an update leaves the old one behind until the table is swept. */
function sizeOf(postgres: Postgres, database: string): number {
  postgres.query(database, "VACUUM FULL");
  return Number(postgres.query(database, "SELECT pg_database_size(current_database())"));
}

/** Parse Server with an object a page and its atomic `Increment`. @param installed folder of parse-server */
export function parse(installed: string): Way {
  return {
    name: "Parse Server, PostgreSQL",
    begin: async (pages) => {
      const postgres = await startPostgres(OTHER_CORE);
      postgres.query("postgres", "CREATE DATABASE parse");
      const program = fileURLToPath(new URL("../baselines/parse-server.cjs", import.meta.url));
      const server = await beginServer(
        [program],
        SERVER_CORE,
        { INSTALLED: installed, DATABASE: `postgres://bench@127.0.0.1:${postgres.port}/parse` },
        "/parse/health",
      );
      const objects = new Map<string, string>();
      for (const page of pages) objects.set(page, await makeObject(server.said, page));
      const path = (page: string): string => `/parse/classes/Article/${objects.get(page)}`;
      let pressed = 0;
      return {
        address: server.said,
        viewersAt: undefined,
        sender: undefined,
        ready_ms: server.ready_ms,
        pids: [server.pid, postgres.pid],
        readPath: path,
        press: (page) => ({
          path: path(page),
          body: {
            _ApplicationId: "bench",
            _method: "PUT",
            [REACTIONS[pressed++ % 4] ?? ""]: { __op: "Increment", amount: 1 },
          },
        }),
        total: async (page) => {
          const object = await readCounts<Record<string, number>>(server.said + path(page));
          return sum(Object.fromEntries(REACTIONS.map((name) => [name, object[name] ?? 0])));
        },
        settled: async () => {},
        stored_bytes: async () => sizeOf(postgres, "parse"),
        end: async () => {
          await server.end();
          await postgres.stop();
        },
      };
    },
  };
}

async function makeObject(address: string, page: string): Promise<string> {
  const response = await fetch(`${address}/parse/classes/Article`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      _ApplicationId: "bench",
      page,
      ...Object.fromEntries(REACTIONS.map((name) => [name, 0])),
    }),
  });
  const { objectId }: { objectId: string } = await response.json();
  return objectId;
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);
