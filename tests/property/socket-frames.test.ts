import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventSocket } from "../../shared/client/event-socket.ts";
import { readFrame } from "../../shared/client/socket-frame.ts";

const json = fc.oneof(fc.json(), fc.string(), fc.constant(""), fc.constant('["counts",'));

/** From what is nearly right to what is no text at all. */
const frame = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.tuple(fc.constantFrom("4", "40", "42", "43", "0", "5", "45", "451-", "6", "1", "2", "3"), json),
  fc.tuple(
    fc.constantFrom("42", "43", "44", "41", "40"),
    fc.constantFrom("", "/live,", "/,"),
    fc.nat(),
    json,
  ),
  fc.record({ pingInterval: fc.anything(), pingTimeout: fc.anything() }).map((it) => `0${text(it)}`),
  fc.record({ data: fc.anything(), message: fc.anything() }).map((it) => `44${text(it)}`),
  fc.anything(),
);

function text(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "{";
  }
}

describe("frames of the client's socket", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("P70: a frame that was written is read as it was meant", () => {
    const kind = fc.constantFrom("40", "42", "43", "44");
    const name = fc.constantFrom("", "/live,", "/a/b,");
    fc.assert(
      fc.property(kind, name, fc.constantFrom("", "0", "12"), fc.json(), (kind, namespace, id, json) => {
        const payload: unknown = [JSON.parse(json)];
        const read = readFrame(`${kind}${namespace}${id}${JSON.stringify(payload)}`);
        expect(read).toEqual({ kind, namespace, id, payload: JSON.parse(JSON.stringify(payload)) });
      }),
    );
  });

  it("P70: whatever comes throws nothing, and afterwards the socket is as usable as before", async () => {
    let socket: EventSocket | undefined;
    // What is no text and no number, and cannot be made one.
    const examples: [unknown[]][] = [[['0{"pingInterval":{"toString":1},"pingTimeout":{"valueOf":1}}']]];
    // One that failed would go on dialling into the tries after it.
    const end = (): void => socket?.close();
    await fc.assert(
      fc
        .asyncProperty(fc.array(frame, { maxLength: 8 }), async (frames) => {
          const wires: { onmessage(event: { data: unknown }): void; sent: string[] }[] = [];
          vi.stubGlobal("WebSocket", function fake(this: object) {
            const wire = { onmessage: () => {}, sent: [], close: () => {} };
            wires.push(Object.assign(this, wire, { send: (said: string) => wires.at(-1)?.sent.push(said) }));
          });
          const heard: unknown[] = [];
          const nothing = (): void => {};
          socket = new EventSocket(
            {
              endpoint: "http://votes.example",
              namespace: "",
              auth: () => ({}),
              pauseMax_ms: 5_000,
              spread: 0.5,
            },
            { connected: nothing, event: (...said) => heard.push(said), lost: nothing, refused: nothing },
          );
          const say = (data: unknown): void => wires.at(-1)?.onmessage({ data });
          socket.open();
          await vi.advanceTimersByTimeAsync(0);
          for (const data of frames) say(Array.isArray(data) ? data.join("") : data);
          // It has a connection, or seeks one, or was refused.
          await vi.advanceTimersByTimeAsync(10_000);
          socket.open();
          await vi.advanceTimersByTimeAsync(0);
          say('0{"pingInterval":25000,"pingTimeout":20000}');
          say('40{"sid":"x"}');
          expect(socket.connected).toBe(true);
          say('42["counts",{"page":"a"}]');
          expect(heard.at(-1)).toEqual(["counts", { page: "a" }]);
          const asked = socket.ask("vote", {});
          const id = /^42(\d+)/.exec(wires.at(-1)?.sent.at(-1) ?? "")?.[1];
          say(`43${id}[{"ok":true}]`);
          expect(await asked).toEqual({ ok: true });
          // Tests share their worker's modules, and what an earlier one left behind may set timers, too.
          const timers = vi.getTimerCount();
          socket.close();
          expect(vi.getTimerCount()).toBe(timers - 1);
        })
        .afterEach(end),
      { numRuns: 300, examples },
    );
  });
});
