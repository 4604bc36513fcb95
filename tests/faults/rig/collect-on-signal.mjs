/**
 * Loaded into a service before its own code (`--import`): SIGUSR2 has it collect its garbage, as a machine that is short of memory
 * has it, so that what is left is in use. `gc()` would leave old pages half empty: V8 takes its time to clear those, and a process
 * that has no more in use than before seems to grow.
 */
import { Session } from "node:inspector";

const session = new Session();
session.connect();
process.on("SIGUSR2", () => session.post("HeapProfiler.collectGarbage"));
