/** Loaded into a service before its own code (`--import`): SIGUSR2 has it collect its garbage, so that what is left is in use. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
process.on("SIGUSR2", () => collect());
