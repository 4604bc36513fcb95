import { describe, expect, it } from "vitest";
import { openAddressOf } from "../../shared/runtime/address-of.ts";

/** Whose request this is for a service behind `10.0.0.0/8`. */
function addressOf(forwarded: string | undefined, peer = "10.0.0.1"): string {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return openAddressOf(["10.0.0.0/8"])({ headers, socket: { remoteAddress: peer } });
}

describe("the address of a request", () => {
  it("S6: is what the nearest proxy that is not trusted had, or the reader", () => {
    expect(addressOf(undefined)).toBe("10.0.0.1");
    expect(addressOf("192.0.2.1", "198.51.100.1")).toBe("198.51.100.1");
    expect(addressOf("192.0.2.1")).toBe("192.0.2.1");
    expect(addressOf("203.0.113.9, 192.0.2.1, 10.0.0.2", "::ffff:10.0.0.1")).toBe("192.0.2.1");
    expect(addressOf("10.0.0.3,10.0.0.2")).toBe("10.0.0.3");
  });

  it("S150: is the same whichever port is written after it", () => {
    for (const port of ["", ":1", ":51234"]) {
      expect(addressOf(`203.0.113.9, 192.0.2.1${port}, 10.0.0.2:443`)).toBe("192.0.2.1");
      expect(addressOf(`[2001:db8::1]${port}`)).toBe("2001:db8::1");
    }
    expect(addressOf("2001:db8::1:443")).toBe("2001:db8::1:443");
  });

  it("S150: is the proxy's when that passes on what is none", () => {
    for (const none of [
      "",
      ",",
      "unknown",
      "_hidden",
      "192.0.2",
      "192.0.2.1:x",
      "192.0.2.999:1",
      "[]:1",
      "[::g]",
      "a:1",
    ]) {
      expect(addressOf(none), none).toBe("10.0.0.1");
      expect(addressOf(`192.0.2.1, ${none}, 10.0.0.2`), none).toBe("10.0.0.2");
    }
  });
});
