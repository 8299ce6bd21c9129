import { compareBytes, present, toHex } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIpv4 } from "./ip.ts";
import { addressKey, addressRange, domainsAbove, hostOf, networksAround } from "./lookup-keys.ts";

const key = (value: string): string => toHex(present(addressKey(value), value));

describe("what values are looked up by", () => {
  it("hosts: of domains, mail addresses and URLs, addresses among them", () => {
    expect(hostOf("domain", "a.example")).toBe("a.example");
    expect(hostOf("email", "x@y@b.example")).toBe("b.example");
    expect(hostOf("url", "https://c.example:8443/x@y")).toBe("c.example");
    expect(hostOf("url", "http://[2001:db8::1]/")).toBe("2001:db8::1");
    expect(hostOf("md5", "d41d8cd98f00b204e9800998ecf8427e")).toBeUndefined();
  });

  it("domains above, up to what can be registered", () => {
    expect(domainsAbove("a.b.evil.example")).toEqual(["b.evil.example", "evil.example"]);
    expect(domainsAbove("a.evil.co.uk")).toEqual(["evil.co.uk"]);
    expect([domainsAbove("evil.example"), domainsAbove("localhost"), domainsAbove("192.0.2.1")]).toEqual([[], [], []]);
  });

  it("addresses sort by family, then by what they are", () => {
    expect(key("192.0.2.1")).toBe("04c0000201");
    expect(key("2001:db8::1")).toBe("0620010db8000000000000000000000001");
    expect(key("192.0.2.0/24")).toBe("04c0000200");
    expect(addressKey("a.example")).toBeUndefined();
  });

  // The blocks of RFC 5737 and RFC 3849, whose first and last addresses stand there.
  it("a network's ends", () => {
    const ends = (value: string): string[] => Object.values(present(addressRange(value), value)).map(toHex);
    expect(ends("203.0.113.0/24")).toEqual(["04cb007100", "04cb0071ff"]);
    expect(ends("2001:db8::/32")).toEqual([`0620010db8${"0".repeat(24)}`, `0620010db8${"f".repeat(24)}`]);
    expect(ends("0.0.0.0/0")).toEqual(["0400000000", "04ffffffff"]);
  });

  it("every network around an address has it between its ends, and is one bit wider than the one before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (number) => {
        const address = formatIpv4(number);
        const around = networksAround(address);
        expect(around.map((network) => Number(network.split("/")[1]))).toEqual(
          Array.from({ length: 32 }, (_, i) => 31 - i),
        );
        for (const network of around) {
          const { first, last } = present(addressRange(network), network);
          const at = present(addressKey(address), address);
          expect([compareBytes(first, at) <= 0, compareBytes(at, last) <= 0]).toEqual([true, true]);
        }
      }),
      { numRuns: 50 },
    );
    expect(networksAround("2001:db8::/30").slice(0, 2)).toEqual(["2001:db8::/29", "2001:db0::/28"]);
    expect(networksAround("a.example")).toEqual([]);
  });
});
