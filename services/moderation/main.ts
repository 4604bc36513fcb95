#!/usr/bin/env node
/** `reactions`: the command line. Reads the environment, nothing else here does. */
import { run } from "./run.ts";

process.exitCode = await run(process.argv.slice(2), {
  token: process.env.REACTIONS_TOKEN || undefined,
  endpoint: process.env.REACTIONS_ENDPOINT || "http://127.0.0.1:3000",
  site: process.env.REACTIONS_SITE || "default",
});
