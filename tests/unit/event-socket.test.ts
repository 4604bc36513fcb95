import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventSocket } from "../../shared/client/event-socket.ts";

/** A websocket whose other end is the test. */
class FakeWire {
  static all: FakeWire[] = [];
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onclose: (() => void) | undefined;
  closed = false;
  readonly sent: string[] = [];
  readonly address: string;

  constructor(address: string) {
    this.address = address;
    FakeWire.all.push(this);
  }

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  says(data: unknown): void {
    this.onmessage?.({ data });
  }
}

const OPEN = '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":100000}';

function open(namespace = "") {
  const told: unknown[] = [];
  const socket = new EventSocket(
    {
      endpoint: "https://votes.example/base",
      namespace,
      auth: () => ({ site: "default" }),
      pauseMax_ms: 20_000,
      spread: 0.7,
    },
    {
      connected: () => told.push("connected"),
      event: (name, payload) => told.push([name, payload]),
      lost: () => told.push("lost"),
      refused: (problem) => told.push(["refused", problem]),
    },
  );
  socket.open();
  return { socket, told };
}

/** The newest of the connections that were begun. */
function wire(): FakeWire {
  const newest = FakeWire.all.at(-1);
  if (newest === undefined) throw new Error("no connection was begun");
  return newest;
}

function letIn(prefix = ""): FakeWire {
  wire().says(OPEN);
  wire().says(`40${prefix}{"sid":"y"}`);
  return wire();
}

beforeEach(() => {
  FakeWire.all = [];
  vi.stubGlobal("WebSocket", FakeWire);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the client's socket", () => {
  it("P70: is let in with what it says of itself, hears events, answers pings", async () => {
    const { socket, told } = open();
    expect(wire().address).toBe("wss://votes.example/base/socket.io/?EIO=4&transport=websocket");
    await vi.advanceTimersByTimeAsync(0);
    expect(socket.connected).toBe(false);
    wire().says(OPEN);
    expect(wire().sent).toEqual(['40{"site":"default"}']);
    expect(told).toEqual([]);
    wire().says('40{"sid":"y"}');
    expect(socket.connected).toBe(true);
    wire().says('42["counts",{"page":"a"}]');
    wire().says('427["counts",1]');
    wire().says("2");
    expect(told).toEqual(["connected", ["counts", { page: "a" }], ["counts", 1]]);
    expect(wire().sent.at(-1)).toBe("3");
    socket.open();
    expect(FakeWire.all).toHaveLength(1);
  });

  it("P70: speaks in one namespace and hears nothing of others", async () => {
    const { socket, told } = open("/live");
    await vi.advanceTimersByTimeAsync(0);
    wire().says(OPEN);
    expect(wire().sent).toEqual(['40/live,{"site":"default"}']);
    wire().says('40{"sid":"y"}');
    wire().says('40/other,{"sid":"y"}');
    expect(socket.connected).toBe(false);
    wire().says('40/live,{"sid":"y"}');
    wire().says('42["pulse",1]');
    wire().says('42/live,["pulse",{"at":2}]');
    wire().says("41");
    expect(told).toEqual(["connected", ["pulse", { at: 2 }]]);
    const answer = socket.ask("say", { a: "b" });
    expect(wire().sent.at(-1)).toBe('42/live,0["say",{"a":"b"}]');
    wire().says('43/live,0["heard"]');
    expect(await answer).toBe("heard");
  });

  it("P72: each answer finds its question; what is not answered in 5 s is given up", async () => {
    const { socket } = open();
    await vi.advanceTimersByTimeAsync(0);
    expect(await socket.ask("early", {})).toBeUndefined();
    letIn();
    const [one, two, three] = [socket.ask("a", {}), socket.ask("b", {}), socket.ask("c", {})];
    expect(wire().sent.slice(1)).toEqual(['420["a",{}]', '421["b",{}]', '422["c",{}]']);
    for (const frame of ['431[{"ok":true}]', '431[{"ok":"again"}]', "430[]", "439[1]", "43[1]"])
      wire().says(frame);
    expect(await two).toEqual({ ok: true });
    expect(await one).toBeUndefined();
    await vi.advanceTimersByTimeAsync(4_999);
    const waits = vi.fn();
    void three.then(waits);
    await vi.advanceTimersByTimeAsync(0);
    expect(waits).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(waits).toHaveBeenCalledWith(undefined);
    wire().says('432[{"ok":"late"}]');
  });

  it("P72: what waits for an answer is given up at once when the connection goes", async () => {
    for (const end of [(last: FakeWire) => last.onclose?.(), (last: FakeWire) => last.says("41")]) {
      const { socket, told } = open();
      await vi.advanceTimersByTimeAsync(0);
      const answer = socket.ask("never", {});
      expect(await answer).toBeUndefined();
      const last = letIn();
      const asked = socket.ask("vote", {});
      end(last);
      expect(await asked).toBeUndefined();
      expect(told).toEqual(["connected", "lost"]);
      socket.close();
    }
  });

  it("P71: seeks a lost connection again after pauses that double and differ, up to the longest", async () => {
    for (const [chance, factor] of [
      [0, 0.3],
      [0.5, 1],
      [1, 1.7],
    ] as const) {
      vi.spyOn(Math, "random").mockReturnValue(chance);
      FakeWire.all = [];
      const { socket, told } = open();
      await vi.advanceTimersByTimeAsync(0);
      for (const [tries, pause_s] of [1, 2, 4, 8, 16, 20, 20].entries()) {
        wire().onclose?.();
        await vi.advanceTimersByTimeAsync(pause_s * 1_000 * factor - 1);
        expect(FakeWire.all).toHaveLength(tries + 1);
        await vi.advanceTimersByTimeAsync(2);
        expect(FakeWire.all).toHaveLength(tries + 2);
      }
      expect(told).toEqual(Array(7).fill("lost"));
      letIn().onclose?.();
      await vi.advanceTimersByTimeAsync(1_000 * factor + 1);
      expect(FakeWire.all).toHaveLength(9);
      socket.close();
    }
    vi.restoreAllMocks();
  });

  it("P71: what older connections say or do is nobody's concern", async () => {
    const { socket, told } = open();
    await vi.advanceTimersByTimeAsync(0);
    const old = letIn();
    old.onclose?.();
    await vi.advanceTimersByTimeAsync(2_000);
    letIn();
    old.onclose?.();
    old.says('42["counts",1]');
    expect(socket.connected).toBe(true);
    expect(told).toEqual(["connected", "lost", "connected"]);
  });

  it("P71: ends a connection on which the service is silent for longer than it promised", async () => {
    const { socket, told } = open();
    await vi.advanceTimersByTimeAsync(0);
    const first = letIn();
    await vi.advanceTimersByTimeAsync(44_000);
    first.says("2");
    await vi.advanceTimersByTimeAsync(44_900);
    expect(socket.connected).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(socket.connected).toBe(false);
    expect(first.closed).toBe(true);
    expect(told).toEqual(["connected", "lost"]);
    // The next one never says a word, nor does it fail.
    await vi.advanceTimersByTimeAsync(1_800);
    const second = wire();
    expect(second).not.toBe(first);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(second.closed).toBe(true);
    // This one pings, but lets nobody in.
    await vi.advanceTimersByTimeAsync(3_500);
    const third = wire();
    third.says(OPEN);
    await vi.advanceTimersByTimeAsync(15_000);
    third.says("2");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(third.closed).toBe(true);
  });

  it("P71: stays away and says why when it is refused for good, and comes back otherwise", async () => {
    const { socket, told } = open();
    await vi.advanceTimersByTimeAsync(0);
    wire().says(OPEN);
    wire().says('44{"message":"unavailable","data":{"problem":{"code":"unavailable","retryable":true}}}');
    expect(told).toEqual(["lost"]);
    await vi.advanceTimersByTimeAsync(2_000);
    wire().says(OPEN);
    wire().says('44{"message":"no"}');
    expect(told).toEqual(["lost", "lost"]);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(FakeWire.all).toHaveLength(3);
    const problem = { code: "site_unknown", retryable: false };
    wire().says(OPEN);
    wire().says(`44${JSON.stringify({ message: "site_unknown", data: { problem } })}`);
    expect(told).toEqual(["lost", "lost", ["refused", problem]]);
    expect(wire().closed).toBe(true);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(FakeWire.all).toHaveLength(3);
    socket.open();
    expect(FakeWire.all).toHaveLength(4);
  });

  it("P71: closed, it leaves no timer and says nothing more", async () => {
    const { socket, told } = open();
    await vi.advanceTimersByTimeAsync(0);
    const last = letIn();
    void socket.ask("vote", {});
    // The patience with the connection, and that with the answer. What earlier tests left behind may set timers, too.
    const timers = vi.getTimerCount();
    socket.close();
    expect(last.closed).toBe(true);
    expect(vi.getTimerCount()).toBe(timers - 2);
    last.onclose?.();
    last.says('42["counts",1]');
    expect(told).toEqual(["connected"]);
    // Closed before the connection was there.
    socket.open();
    const begun = vi.getTimerCount();
    socket.close();
    expect(vi.getTimerCount()).toBe(begun - 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(wire().closed).toBe(true);
  });

  it("P71: a page whose policy forbids websockets is only tried again", async () => {
    vi.stubGlobal("WebSocket", function forbidden() {
      throw new DOMException("no", "SecurityError");
    });
    const { told, socket } = open();
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual(["lost"]);
    socket.close();
  });
});
