import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkIndicator, isExpired } from "./indicator.ts";

const hex = "0123456789abcdef".repeat(4);

function isIndicator(kind: string, value: string): boolean {
  return checkIndicator({ kind, value }, "item").ok;
}

describe("checkIndicator", () => {
  it.each([
    ["domain", ["evil.example", "xn--bcher-kva.example", "_dmarc.evil.example", "localhost"]],
    ["ipv4", ["192.0.2.1", "0.0.0.0", "255.255.255.255"]],
    ["ipv6", ["2001:db8::1", "::", "::ffff:192.0.2.1"]],
    ["cidr4", ["192.0.2.0/24", "0.0.0.0/0", "192.0.2.1/32"]],
    ["cidr6", ["2001:db8::/32", "::/0", "2001:db8::1/128"]],
    ["url", ["https://evil.example/a?b=c#d", "ftp://evil.example/"]],
    ["email", ["a.b+c@evil.example"]],
    ["md5", [hex.slice(0, 32)]],
    ["sha1", [hex.slice(0, 40)]],
    ["sha256", [hex]],
    ["ja3", ["ada70206e40642a3e4461f35503241d5"]],
    ["ja4", ["t13d1516h2_8daaf6152771_e5627efa2ab1", "q13d0310h3_55b375c5d22e_cd85d2d88918"]],
  ])("takes %s", (kind, values) => {
    expect(values.filter((value) => !isIndicator(kind, value))).toEqual([]);
  });

  it.each([
    [
      "domain",
      [
        "",
        "Evil.example",
        "evil..example",
        ".evil",
        "evil.",
        "evil example",
        "bücher.example",
        "a".repeat(64),
        "hxxp://evil",
      ],
    ],
    ["ipv4", ["192.0.2", "192.0.2.256", "192.0.2.01", "192.0.2.1.1", "192[.]0.2.1", "192.0.2.1/32"]],
    ["ipv6", ["192.0.2.1", "2001:DB8::1", "2001:db8::1/64", "1:".repeat(30)]],
    ["cidr4", ["192.0.2.0", "192.0.2.0/33", "192.0.2.0/024"]],
    ["cidr6", ["2001:db8::", "2001:db8::/129", "192.0.2.0/24"]],
    ["url", ["evil.example", "https://evil.example/a b", "://x"]],
    ["email", ["evil.example", "a@b@c", "a b@c"]],
    ["md5", [hex, hex.slice(0, 32).toUpperCase()]],
    ["sha1", [hex.slice(0, 39)]],
    ["sha256", [`${hex}0`]],
    ["ja3", [hex, hex.slice(0, 31), hex.slice(0, 32).toUpperCase()]],
    [
      "ja4",
      ["t13d1516h2_8daaf6152771", "t13d1516h2_8daaf6152771_e5627efa2abg", "T13D1516H2_8daaf6152771_e5627efa2ab1"],
    ],
    ["ja5", [hex.slice(0, 32)]],
  ])("refuses what is no normalised %s", (kind, values) => {
    expect(values.filter((value) => isIndicator(kind, value))).toEqual([]);
  });

  it("checks what is said about it", () => {
    const item = { kind: "domain", value: "evil.example" };
    expect(
      checkIndicator(
        { ...item, labels: ["phishing"], description: "…", confidence: 80, first: 1, last: 2, source: "x" },
        "item",
      ).ok,
    ).toBe(true);
    expect(checkIndicator({ ...item, confidence: 101 }, "item")).toMatchObject({
      fault: { message: "item.confidence: expected an integer from 0 to 100" },
    });
    expect(checkIndicator({ ...item, first: 2, last: 1 }, "item")).toMatchObject({
      fault: { message: "item.last: is before first" },
    });
    expect(checkIndicator({ ...item, until: 3 }, "item").ok).toBe(true);
    for (const until of [-1, 1.5, "2026-01-01T00:00:00Z", null]) {
      expect(checkIndicator({ ...item, until }, "item").ok).toBe(false);
    }
    expect(checkIndicator({ ...item, more: 1 }, "item").ok).toBe(false);
    expect(checkIndicator({ ...item, value: "x".repeat(4097) }, "item").ok).toBe(false);
  });

  it("expires at its end, not before, and never without one", () => {
    expect([99, 100, 101].map((now) => isExpired({ until: 100 }, now))).toEqual([false, true, true]);
    expect(isExpired({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it("takes time in proportion to what it reads", () => {
    const kinds = ["domain", "ipv4", "ipv6", "cidr4", "cidr6", "url", "email"];
    const part = fc.constantFrom("a", "1", ".", ":", "@", "/", "-", "1.1.", "::");
    fc.assert(
      fc.property(fc.constantFrom(...kinds), part, fc.constantFrom("", "!", "/"), (kind, piece, end) => {
        const begun = process.cpuUsage();
        isIndicator(kind, piece.repeat(4000).slice(0, 4090) + end);
        // Microseconds of this process alone, whatever else this machine does.
        expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
      }),
    );
  });
});
