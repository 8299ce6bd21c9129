import { BlockList, isIPv4, isIPv6 } from "node:net";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatNetwork, parseNetwork } from "./cidr.ts";
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from "./ip.ts";

describe("addresses against node:net", () => {
  const nearIpv4 = fc
    .array(fc.oneof(fc.nat(300).map(String), fc.constantFrom("", "00", "01", "1e1", "0x1", " 1", "256")), {
      minLength: 3,
      maxLength: 5,
    })
    .map((octets) => octets.join("."));

  it("agree on what is IPv4", () => {
    fc.assert(
      fc.property(fc.oneof(nearIpv4, fc.ipV4()), (text) => {
        const address = parseIpv4(text);
        expect(address === undefined ? undefined : formatIpv4(address)).toBe(isIPv4(text) ? text : undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it("agree on what is IPv6, and with the URL standard on its shortest form", () => {
    const group = fc.oneof(
      fc.constantFrom("", "0", "0000", "::", "g", "12345", "1.2.3.4", "01.2.3.4"),
      fc.nat(0xffff).map((n) => n.toString(16)),
    );
    const near = fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(":"));
    fc.assert(
      fc.property(fc.oneof(near, fc.ipV6()), (text) => {
        const groups = parseIpv6(text);
        expect(groups !== undefined).toBe(isIPv6(text));
        if (groups === undefined) return;
        const form = formatIpv6(groups);
        expect(parseIpv6(form)).toEqual(groups);
        // The URL standard writes mapped addresses in hex.
        const oracle = new URL(`http://[${text}]`).hostname;
        expect(form.includes(".") ? oracle : `[${form}]`).toBe(oracle);
      }),
      { numRuns: 2000 },
    );
  });

  it("writes the examples of RFC 5952 §4 and §5", () => {
    const form = (text: string): string | undefined => {
      const groups = parseIpv6(text);
      return groups && formatIpv6(groups);
    };
    expect(form("2001:0db8::0001")).toBe("2001:db8::1");
    expect(form("2001:db8:0:0:0:0:2:1")).toBe("2001:db8::2:1");
    expect(form("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1");
    expect(form("2001:0:0:1:0:0:0:1")).toBe("2001:0:0:1::1");
    expect(form("2001:db8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
    expect(form("0:0:0:0:0:ffff:192.0.2.1")).toBe("::ffff:192.0.2.1");
  });

  it("masks networks as BlockList does", () => {
    fc.assert(
      fc.property(fc.oneof(fc.tuple(fc.ipV4(), fc.nat(32)), fc.tuple(fc.ipV6(), fc.nat(128))), ([address, bits]) => {
        const network = parseNetwork(`${address}/${bits}`);
        if (network === undefined || (network.family === 4) !== isIPv4(address)) return;
        const list = new BlockList();
        const family = network.family === 4 ? "ipv4" : "ipv6";
        const base = formatNetwork(network).split("/")[0] as string;
        list.addSubnet(base, bits, family);
        expect(list.check(address, family)).toBe(true);
        expect(parseNetwork(formatNetwork(network))).toEqual({ ...network, hostBits: false });
      }),
    );
  });
});
