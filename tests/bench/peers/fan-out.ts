/** What telling viewers costs: messages that a second of the sender's processor carries, beside `ws` alone; memory a viewer. */
import { Agent } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { beginScript } from "../begin.ts";
import { keepVoting } from "../cast.ts";
import { processCpu_us, processMemory_kb } from "../scale/measure.ts";
import type { ViewerReport } from "../scale/viewer-clients.ts";
import { isAcknowledged } from "./press.ts";
import type { Measured, Reached, Table } from "./results.ts";
import { type Figures, inTurns, ratio, type Turn, tableOf, titled } from "./rounds.ts";
import { watchFrom } from "./watch.ts";
import { OTHER_CORE, ours, type Running, SERVER_CORE, type Way } from "./ways.ts";

const PAGE = "https://news.example/fan-out";
/** As long as a message with counts of ours is. */
const MESSAGE_BYTES = 165;
/** More than the ten changes a second that viewers are told of. */
const VOTES_A_SECOND = 40;
/** Votes that wait for their answer at a time, so that a way which cannot keep the pace ends soon after. */
const OPEN_MAX = 10;
const DRAIN_MS_MAX = 30_000;
/** The audience of the ratio that must be reached. */
const VIEWERS_ASKED = 1_000;
const MESSAGES = "messages a second of processor";

/** Sends ten messages a second by itself. */
const bareWs: Turn<Telling> = {
  name: "bare ws",
  begin: async () => {
    const { said, pid, end } = await beginScript("baselines/bare-ws.ts", SERVER_CORE, {
      SIZE: String(MESSAGE_BYTES),
    });
    return { viewersAt: said, sender: pid, end };
  },
};

/** What tells viewers: of their votes if it takes any. */
type Telling = Pick<Running, "viewersAt" | "sender" | "end"> &
  Partial<Pick<Running, "address" | "press" | "settled">>;

export interface FanOutParts {
  /** Besides bare `ws`. */
  readonly ways: readonly Way[];
  readonly rounds: number;
  readonly seconds: number;
  readonly viewers: readonly number[];
}

export async function measureFanOut({ ways, rounds, seconds, viewers }: FanOutParts): Promise<Measured> {
  const tables: Table[] = [];
  let reached: Reached = {};
  for (const count of viewers) {
    const turns: readonly Turn<Telling>[] = [...ways, bareWs];
    const figures: Figures = await inTurns(turns, rounds, [PAGE], (telling) => tell(telling, count, seconds));
    tables.push(
      titled(`${count.toLocaleString("en")} ${count === 1 ? "viewer" : "viewers"}`, tableOf(figures)),
    );
    if (count === VIEWERS_ASKED) reached = { fanOut: ratio(figures, MESSAGES, ours.name, bareWs.name) };
  }
  return {
    title: "Telling viewers",
    text: `${VOTES_A_SECOND} votes a second for ${seconds} s on the page that all viewers watch, no more than ${OPEN_MAX} unanswered; then what is still to be told is waited for, half a minute at most. Bare ws sends ten messages of ${MESSAGE_BYTES} bytes a second to everyone. Messages a second are those that one core would carry: what arrived, divided by the processor time of the sending process. Rates are over the time until the last message arrived; where votes/s are fewer than ${VOTES_A_SECOND}, the way could not keep the pace. Bytes are those of messages, without what frames and TCP add.`,
    tables,
    reached,
  };
}

async function tell(
  { address, press, settled, sender = 0, viewersAt = "" }: Telling,
  viewers: number,
  seconds: number,
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const cast = async (): Promise<void> => {
    if (address !== undefined && press !== undefined) await isAcknowledged(address, agent, press(PAGE));
  };
  await cast();
  const empty_kb = processMemory_kb(sender);
  const watching = await watchFrom(viewersAt, PAGE, viewers, OTHER_CORE);
  try {
    const full_kb = processMemory_kb(sender);
    const before = await watching.report();
    const before_us = processCpu_us(sender);
    const began_ms = performance.now();
    const load = keepVoting(VOTES_A_SECOND, cast, OPEN_MAX);
    await pause(seconds * 1_000);
    const sent = await load.end();
    await settled?.();
    const quiet_ms = settled === undefined ? performance.now() : await untilQuiet(watching.report);
    const took_s = (quiet_ms - began_ms) / 1_000;
    const after = await watching.report();
    const used_us = processCpu_us(sender) - before_us;
    const messages = after.messages - before.messages;
    const bytes = after.bytes - before.bytes;
    return {
      ...(settled === undefined ? {} : { "votes/s": sent / took_s }),
      [MESSAGES]: (messages / used_us) * 1_000_000,
      "messages a viewer and second": messages / viewers / took_s,
      "bytes a message": bytes / messages,
      "bytes a viewer and second": bytes / viewers / took_s,
      // Of a few viewers it would be what the garbage collector did meanwhile.
      ...(viewers < 1_000 ? {} : { "kB of memory a viewer": (full_kb - empty_kb) / viewers }),
    };
  } finally {
    watching.end();
    agent.destroy();
  }
}

/** When the last message arrived, to a look; or now, if messages still come after half a minute. */
async function untilQuiet(report: () => Promise<ViewerReport>): Promise<number> {
  const began_ms = performance.now();
  let last_ms = began_ms;
  for (let before = -1; performance.now() - began_ms < DRAIN_MS_MAX; ) {
    const { messages } = await report();
    if (messages !== before) last_ms = performance.now();
    // The last state is due within 100 ms.
    else if (performance.now() - last_ms > 300) return last_ms;
    before = messages;
    await pause(50);
  }
  return performance.now();
}
