import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { Door } from "../../services/realtime/door.ts";
import { SiteBook } from "../../shared/runtime/sites.ts";

describe("the door of sockets", () => {
  it("S66: one network holds so many sockets; each that closes makes room, addresses of one /64 count together", () => {
    const book = new SiteBook(undefined);
    book.takeStored([], false);
    const door = new Door(book.sites, 2);
    const request = new IncomingMessage(new Socket());
    const first = door.enter("2001:db8::1");
    door.enter("2001:db8::2");
    expect(door.refuse(request, "2001:db8::3")?.problem.code).toBe("sockets_full");
    expect(door.refuse(request, "2001:db8:0:1::3")).toBeUndefined();
    first();
    expect(door.refuse(request, "2001:db8::3")).toBeUndefined();
    // Ten times as many hold all of a /48 together.
    const leaves = Array.from({ length: 19 }, (_, n) => door.enter(`2001:db8:0:f${n}::1`));
    expect(door.refuse(request, "2001:db8:0:1::3")?.problem.code).toBe("sockets_full");
    expect(door.refuse(request, "2001:db8:1::3")).toBeUndefined();
    leaves[0]?.();
    expect(door.refuse(request, "2001:db8:0:1::3")).toBeUndefined();
  });
});
