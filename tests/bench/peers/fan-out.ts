/** What telling viewers costs: messages that a second of the sender's processor carries, beside `ws` alone; memory a viewer. */
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { beginScript } from "../begin.ts";
import { keepVoting } from "../cast.ts";
import { processCpu_us, processMemory_kb } from "../scale/measure.ts";
import { isAcknowledged } from "./press.ts";
import type { Measured, Reached, Table } from "./results.ts";
import { type Figures, inTurns, ratio, tableOf } from "./rounds.ts";
import { watchFrom } from "./watch.ts";
import { OTHER_CORE, ours, type Running, SERVER_CORE, type Way } from "./ways.ts";

const PAGE = "https://news.example/fan-out";
/** As long as a message with counts of ours is. */
const MESSAGE_BYTES = 165;
/** More than the ten changes a second that viewers are told of. */
const VOTES_A_SECOND = 40;

const bareWs: Way = {
  name: "bare ws",
  begin: async () => {
    const server = await beginScript("baselines/bare-ws.ts", SERVER_CORE, { SIZE: String(MESSAGE_BYTES) });
    return {
      address: server.said,
      viewersAt: server.said,
      sender: server.pid,
      pids: [server.pid],
      readPath: () => "/",
      press: () => ({ path: "/", body: {} }),
      total: async () => 0,
      settled: async () => {},
      end: server.end,
    };
  },
};

export interface FanOutParts {
  /** Besides bare `ws`, which sends ten messages a second by itself. */
  readonly ways: readonly Way[];
  readonly rounds: number;
  readonly seconds: number;
  readonly viewers: readonly number[];
}

export async function measureFanOut({ ways, rounds, seconds, viewers }: FanOutParts): Promise<Measured> {
  const tables: Table[] = [];
  let reached: Reached = {};
  for (const count of viewers) {
    const figures: Figures = await inTurns([...ways, bareWs], rounds, [PAGE], (running, way) =>
      tell(running, way === bareWs, count, seconds),
    );
    const [head = [], ...rows] = tableOf(figures);
    tables.push([[`${count.toLocaleString("en")} viewers`, ...head.slice(1)], ...rows]);
    reached = { fanOut: ratio(figures, MESSAGES, ours.name, bareWs.name) };
  }
  return {
    title: "Telling viewers",
    text: `${VOTES_A_SECOND} votes a second for ${seconds} s on the page that all viewers watch; bare ws sends ten messages of ${MESSAGE_BYTES} bytes a second to everyone. Messages a second are those that one core would carry: what was sent, divided by the processor time of the sending process.`,
    tables,
    reached,
  };
}

const MESSAGES = "messages a second of processor";

async function tell(running: Running, byItself: boolean, viewers: number, seconds: number) {
  const sender = running.sender ?? 0;
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const cast = async (): Promise<void> => {
    if (!byItself) await isAcknowledged(running.address, agent, running.press(PAGE));
  };
  await cast();
  const empty_kb = processMemory_kb(sender);
  const watching = await watchFrom(running.viewersAt ?? "", PAGE, viewers, OTHER_CORE);
  try {
    const full_kb = processMemory_kb(sender);
    const before = await watching.report();
    const before_us = processCpu_us(sender);
    const load = keepVoting(VOTES_A_SECOND, cast);
    await pause(seconds * 1_000);
    await load.end();
    // The last state is due within 100 ms.
    await pause(300);
    const used_us = processCpu_us(sender) - before_us;
    const after = await watching.report();
    const messages = after.messages - before.messages;
    return {
      [MESSAGES]: (messages / used_us) * 1_000_000,
      "messages a viewer and second": messages / viewers / seconds,
      "bytes a message": (after.bytes - before.bytes) / messages,
      // Of a few viewers it would be what the garbage collector did meanwhile.
      ...(viewers < 1_000 ? {} : { "kB of memory a viewer": (full_kb - empty_kb) / viewers }),
    };
  } finally {
    watching.end();
    agent.destroy();
  }
}
