/** Counts of one page read by 64 connections, by readers who know nothing and by those who send what they know. */
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { outputOf } from "../begin.ts";
import { pressFor } from "./press.ts";
import { cpu_us } from "./processes.ts";
import type { Measured } from "./results.ts";
import { inTurns, ratio, tableOf } from "./rounds.ts";
import { bare, OTHER_CORE, ours, READER_HEADERS, type Way } from "./ways.ts";

const PAGE = "https://news.example/reads";

export async function measureReads(ways: readonly Way[], rounds: number, seconds: number): Promise<Measured> {
  const figures = await inTurns(ways, rounds, [PAGE], async (running) => {
    await pressFor(0.1, running.address, () => running.press(PAGE));
    await running.settled();
    const url = running.address + running.readPath(PAGE);
    const etag = (await fetch(url, { headers: READER_HEADERS })).headers.get("etag");
    await read(url, 1);
    const before_us = cpu_us(running.pids);
    const fresh = await read(url, seconds);
    const used_us = cpu_us(running.pids) - before_us;
    return {
      "reads/s": fresh,
      "µs of processor a read": used_us / (fresh * seconds),
      ...(etag === null ? {} : { "with If-None-Match, reads/s": await readKnown(url, seconds, etag) }),
    };
  });
  return {
    title: "Reading counts",
    text: `One page, 64 connections of wrk for ${seconds} s. Ways without a figure in the last column send no ETag; of the others it is made sure, before and after, that the answer is 304.`,
    tables: [tableOf(figures)],
    reached: { reads: ratio(figures, "reads/s", ours.name, bare.name) },
  };
}

/** Reads a second by readers who have what there is. */
async function readKnown(url: string, seconds: number, etag: string): Promise<number> {
  // Not by `fetch`: it says no-cache as soon as it is told of an ETag.
  const expectKnown = async (): Promise<void> => {
    const call = get(url, { headers: { ...READER_HEADERS, "if-none-match": etag } });
    const [response]: IncomingMessage[] = await once(call, "response");
    response?.resume();
    if (response?.statusCode !== 304) throw new Error(`If-None-Match was answered ${response?.statusCode}`);
  };
  await expectKnown();
  const rate = await read(url, seconds, etag);
  await expectKnown();
  return rate;
}

/** Reads a second by 64 connections. */
export async function read(url: string, seconds: number, etag?: string): Promise<number> {
  const headers = Object.entries({
    ...READER_HEADERS,
    ...(etag === undefined ? {} : { "if-none-match": etag }),
  });
  const output = await outputOf(OTHER_CORE, "wrk", [
    ...["-t", "1", "-c", "64", "-d", `${seconds}s`, "--timeout", "30s"],
    ...headers.flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
    url,
  ]);
  if (/Non-2xx/.test(output)) throw new Error(`reads were refused:\n${output}`);
  return Number(/Requests\/sec:\s+(\S+)/.exec(output)?.[1]);
}
