// Parse Server in a process of its own. INSTALLED: folder of parse-server; DATABASE: a postgres:// address; PORT: where to listen.
const { createRequire } = require("node:module");

// Its logger opens files where it is begun before any option is read.
process.env.PARSE_SERVER_LOGS_FOLDER = "null";

const installed = createRequire(`${process.env.INSTALLED}/package.json`);
const { ParseServer } = installed("parse-server");
const express = createRequire(installed.resolve("parse-server"))("express");

async function main() {
  const server = new ParseServer({
    databaseURI: process.env.DATABASE,
    appId: "bench",
    masterKey: "for benchmarks",
    serverURL: `http://127.0.0.1:${process.env.PORT}/parse`,
    allowClientClassCreation: true,
    silent: true,
  });
  await server.start();
  express().use("/parse", server.app).listen(Number(process.env.PORT), "127.0.0.1");
}
void main();
