/**
 * A process full of viewers: raw websockets that speak just enough socket.io (protocol 5, engine.io 4) to watch one page, so
 * that a thousand of them cost less than what they measure. Arguments: address, page, number of viewers.
 *
 * Says "ready" when all watch. Notes for each viewer when it first saw the k-th `angry` vote. On a line of input says
 * { messages, seen: [k][viewer] → ms of the shared monotonic clock } as one line of JSON, and ends.
 */
import { WebSocket } from "ws";

const [, , address = "", page = "", count = "1"] = process.argv;
/** When each viewer first saw at least k angry votes. */
const seen: number[][] = [];
let messages = 0;

/** The same clock in every process of this machine. */
const now_ms = (): number => Number(process.hrtime.bigint()) / 1e6;

function view(viewer: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${address.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
    let angry = 0;
    socket.on("error", reject);
    socket.on("message", (data) => {
      const text = String(data);
      if (text === "2") socket.send("3");
      else if (text.startsWith("0")) socket.send('40{"site":"default"}');
      else if (text.startsWith("40")) socket.send(`420${JSON.stringify(["watch", { pages: [page] }])}`);
      else if (text.startsWith("430")) resolve();
      else if (text.startsWith('42["counts"')) {
        messages++;
        const [, total = "0"] = /"angry":(\d+)/.exec(text) ?? [];
        const at_ms = now_ms();
        while (angry < Number(total)) {
          const moments = seen[angry] ?? [];
          seen[angry++] = moments;
          moments[viewer] = at_ms;
        }
      }
    });
  });
}

for (let viewer = 0; viewer < Number(count); viewer++) await view(viewer);
messages = 0;
process.stdout.write("ready\n");
process.stdin.once("data", () => {
  process.stdout.write(`${JSON.stringify({ messages, seen })}\n`, () => process.exit(0));
});
