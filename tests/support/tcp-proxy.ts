/** A network between two processes that a test may cut, slow down, make one-way, or rob of answers. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { onFreePort } from "../../services/standalone/free-port.ts";
import { within } from "../../shared/runtime/within.ts";

/** What happens to bytes on their way. */
export type Traffic = "flows" | "vanishes";

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** The next bytes from the server are swallowed, and the link ends with them. */
  losesReply: boolean;
  /** Nothing passes any more. */
  stranded: boolean;
  /** The first that the client said. */
  hello: string;
}

/** How long answers are swallowed after the one that is to be lost: those to earlier commands may come first. */
const LOSING_MS = 30;

/** How long a command is waited for whose reply is to be lost. */
const SENT_MS_MAX = 30_000;

/** Milliseconds between two chunks that are held back; keeps them in order. */
const SLOW_CHECK_MS = 5;

export class TcpProxy {
  readonly port: number;
  readonly #target: number;
  readonly #server: Server;
  readonly #links = new Set<Link>();
  #open = true;
  #up: Traffic = "flows";
  #down: Traffic = "flows";
  #delay_ms = 0;
  #lose: { readonly command: string; readonly lost: () => void } | undefined;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on("connection", (client) => this.#join(client));
  }

  /** Listens on a free loopback port and leads to `target`, a port on loopback. */
  static async begin(target: number): Promise<TcpProxy> {
    return await onFreePort(async (port) => {
      const server = createServer();
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      return new TcpProxy(server, port, target);
    });
  }

  /** Ends every connection and takes no new one. */
  cut(): void {
    this.#open = false;
    this.#endLinks();
  }

  /** Bytes towards the target or back from it vanish; connections stay open, and nobody is told. */
  swallow(way: "up" | "down" | "both"): void {
    if (way !== "down") this.#up = "vanishes";
    if (way !== "up") this.#down = "vanishes";
  }

  /**
   * Connections that are open stay so and carry nothing any more, as where a host vanished; new ones are as good as ever.
   * @param of clients that began with a chunk that has this in it; without it all
   */
  strand(of = ""): void {
    for (const link of this.#links) link.stranded ||= link.hello.includes(of);
  }

  /** Every chunk takes so much longer, both ways. */
  slow(delay_ms: number): void {
    this.#delay_ms = delay_ms;
  }

  /**
   * The next time that a chunk with `command` in it goes up, the target gets it, and its reply is swallowed and the
   * connection ended. Resolves when that has happened: the command has run, and whoever sent it cannot know.
   * @throws LateError when nobody sends it for half a minute
   */
  async loseReplyTo(command: string): Promise<void> {
    const lost = new Promise<void>((resolve) => {
      this.#lose = { command: command.toLowerCase(), lost: resolve };
    });
    await within(SENT_MS_MAX, lost, `nobody sends ${command}`);
  }

  /** All is well again; connections that lost bytes end, as they would on a real network. */
  mend(): void {
    const damaged = this.#up === "vanishes" || this.#down === "vanishes";
    this.#open = true;
    this.#up = "flows";
    this.#down = "flows";
    this.#delay_ms = 0;
    this.#lose = undefined;
    if (damaged) this.#endLinks();
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    if (!this.#open) {
      client.destroy();
      return;
    }
    const server = connect(this.#target, "127.0.0.1");
    const link: Link = { client, server, losesReply: false, stranded: false, hello: "" };
    this.#links.add(link);
    const end = (): void => {
      this.#links.delete(link);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", end).on("close", end);
    client.on(
      "data",
      this.#later((bytes) => this.#sendUp(link, bytes)),
    );
    server.on(
      "data",
      this.#later((bytes) => this.#sendDown(link, bytes, end)),
    );
  }

  /** Calls `pass` in order, each chunk after the delay that held when it came. */
  #later(pass: (bytes: Buffer) => void): (bytes: Buffer) => void {
    const queue: { readonly bytes: Buffer; readonly due_ms: number }[] = [];
    const drain = (): void => {
      for (let first = queue[0]; first !== undefined && first.due_ms <= performance.now(); first = queue[0]) {
        queue.shift();
        pass(first.bytes);
      }
      if (queue.length > 0) setTimeout(drain, SLOW_CHECK_MS);
    };
    return (bytes) => {
      if (this.#delay_ms === 0 && queue.length === 0) {
        pass(bytes);
        return;
      }
      queue.push({ bytes, due_ms: performance.now() + this.#delay_ms });
      if (queue.length === 1) setTimeout(drain, this.#delay_ms);
    };
  }

  #sendUp(link: Link, bytes: Buffer): void {
    if (link.hello === "") link.hello = bytes.toString("latin1");
    if (this.#up === "vanishes" || link.stranded) return;
    if (this.#lose !== undefined && bytes.toString("latin1").toLowerCase().includes(this.#lose.command)) {
      link.losesReply = true;
    }
    if (link.server.writable) link.server.write(bytes);
  }

  #sendDown(link: Link, bytes: Buffer, end: () => void): void {
    if (link.stranded) return;
    if (link.losesReply) {
      // Two connections may have sent the command at once: either ends, for none that lost bytes goes on in a real network.
      const lost = this.#lose?.lost;
      this.#lose = undefined;
      setTimeout(() => {
        end();
        lost?.();
      }, LOSING_MS);
      return;
    }
    if (this.#down === "flows" && link.client.writable) link.client.write(bytes);
  }

  #endLinks(): void {
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
    this.#links.clear();
  }
}
