/**
 * Calls tally.lua as the worker does, through `tallyPage`, each time on a page of its own. Arguments: Redis's address, votes a call,
 * calls, connections, calls on their way at a time on each. Says the votes a second.
 */
import { Redis } from "ioredis";
import { tallyPage } from "../../../shared/tallies/tally-page.ts";
import { scriptVotes } from "./script-votes.ts";

const [, , url = "", ...rest] = process.argv;
const [votesACall = 1, calls = 1, connections = 1, together = 1] = rest.map(Number);
const clients = Array.from({ length: connections }, () => new Redis(url));
// The same votes for every page, as redis-benchmark sends them: making them is no part of what is measured.
const votes = scriptVotes(votesACall);
let called = 0;

const lane = async (redis: Redis): Promise<void> => {
  while (called < calls) await tallyPage(redis, "default", `own-${process.pid}-${called++}`, votes);
};
await Promise.all(clients.map((redis) => redis.ping()));
const began_ms = performance.now();
await Promise.all(clients.flatMap((redis) => Array.from({ length: together }, () => lane(redis))));
process.stdout.write(`${(votesACall * calls * 1_000) / (performance.now() - began_ms)}\n`);
for (const redis of clients) redis.disconnect();
