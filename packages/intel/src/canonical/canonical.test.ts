import { domainToASCII } from "node:url";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalIndicator, detectKind, matchKey } from "./canonical.ts";
import type { IndicatorKind } from "@detente/record";
import type { IndicatorCode } from "./kinds.ts";

const ACCEPTED: readonly (readonly [text: string, kind: IndicatorKind, value: string, ...notes: string[]])[] = [
  ["Evil.Example", "domain", "evil.example"],
  ["evil.example.", "domain", "evil.example"],
  [" evil[.]example ", "domain", "evil.example"],
  ["evil(dot)example", "domain", "evil.example"],
  ["evil{.}example", "domain", "evil.example"],
  ["evil\\.example", "domain", "evil.example"],
  ["_dmarc.evil.example", "domain", "_dmarc.evil.example"],
  ["*.evil.example", "domain", "evil.example", "wildcard-dropped"],
  [".evil.example", "domain", "evil.example", "wildcard-dropped"],
  ["evil.example:8443", "domain", "evil.example", "port-dropped"],
  // UTS 46 test data: bücher, and faß, which is non-transitional here as in WHATWG URL.
  ["bücher.example", "domain", "xn--bcher-kva.example"],
  ["BÜCHER.example", "domain", "xn--bcher-kva.example"],
  ["faß.de", "domain", "xn--fa-hia.de"],
  ["evil。example", "domain", "evil.example"],
  ["XN--BCHER-KVA.example", "domain", "xn--bcher-kva.example"],
  ["192.0.2.7", "ipv4", "192.0.2.7"],
  ["192[.]0[.]2[.]7", "ipv4", "192.0.2.7"],
  ["192.0.2.7:443", "ipv4", "192.0.2.7", "port-dropped"],
  ["192.0.2.7/32", "ipv4", "192.0.2.7", "single-address"],
  ["::ffff:192.0.2.7", "ipv4", "192.0.2.7", "mapped-to-ipv4"],
  ["::FFFF:c000:0207", "ipv4", "192.0.2.7", "mapped-to-ipv4"],
  ["192.0.2.77/24", "cidr4", "192.0.2.0/24", "host-bits-masked"],
  ["192.0.2.0/24", "cidr4", "192.0.2.0/24"],
  ["2001:DB8::1", "ipv6", "2001:db8::1"],
  ["[2001:db8::1]", "ipv6", "2001:db8::1"],
  ["[2001:db8::1]:443", "ipv6", "2001:db8::1", "port-dropped"],
  ["2001:0db8:0000:0000:0000:0000:0000:0001", "ipv6", "2001:db8::1"],
  ["2001:db8::1/128", "ipv6", "2001:db8::1", "single-address"],
  ["2001:db8::ffff/32", "cidr6", "2001:db8::/32", "host-bits-masked"],
  ["::ffff:192.0.2.0/120", "cidr4", "192.0.2.0/24", "mapped-to-ipv4"],
  ["hxxps://Evil[.]Example:443/A/b?q=1#top", "url", "https://evil.example/A/b?q=1", "fragment-dropped"],
  ["http://evil.example", "url", "http://evil.example/"],
  ["http://evil.example:8080?x", "url", "http://evil.example:8080/?x"],
  ["http://user:pw@evil.example/", "url", "http://evil.example/", "user-dropped"],
  ["http://[2001:DB8:0::1]:80/x", "url", "http://[2001:db8::1]/x"],
  ["http://bücher.example/ä b", "url", "http://xn--bcher-kva.example/%C3%A4%20b"],
  ["http[:]//evil[.]example/a/../b//c", "url", "http://evil.example/a/../b//c"],
  ["evil.example/x", "url", "http://evil.example/x", "scheme-assumed"],
  ["Bob.Smith+x@Evil.Example", "email", "Bob.Smith+x@evil.example"],
  ["bob[at]evil[.]example", "email", "bob@evil.example"],
  ["mailto:bob@evil.example", "email", "bob@evil.example"],
  ["<bob@evil.example>", "email", "bob@evil.example"],
  ["D41D8CD98F00B204E9800998ECF8427E", "md5", "d41d8cd98f00b204e9800998ecf8427e"],
  ["da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
  [
    "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
    "sha256",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  ],
  // The example of FoxIO's JA4 technical details, and one over QUIC with nothing to hash.
  ["t13d1516h2_8daaf6152771_e5627efa2ab1", "ja4", "t13d1516h2_8daaf6152771_e5627efa2ab1"],
  ["T13D1516H2_8DAAF6152771_E5627EFA2AB1", "ja4", "t13d1516h2_8daaf6152771_e5627efa2ab1"],
  ["q00i000000_000000000000_000000000000", "ja4", "q00i000000_000000000000_000000000000"],
];

const REFUSED: readonly (readonly [text: string, code: IndicatorCode])[] = [
  ["", "empty"],
  ["  ", "empty"],
  ["com", "not-an-indicator"],
  ["malware", "not-an-indicator"],
  ["com.", "bare-suffix"],
  ["co.uk", "bare-suffix"],
  ["*.com.br", "bare-suffix"],
  ["bücher", "not-an-indicator"],
  ["evil..example", "bad-domain"],
  [`${"a".repeat(64)}.example`, "bad-domain"],
  [`${"a.".repeat(127)}example`, "bad-domain"],
  ["evil.example%2ecom", "bad-domain"],
  ["evil example.com", "bad-domain"],
  ["evil.123", "bad-domain"],
  ["1.2.3", "bad-ipv4"],
  ["1.2.3.256", "bad-ipv4"],
  ["010.2.3.4", "bad-ipv4"],
  ["1.2.3.4.5", "bad-ipv4"],
  ["1.2.3.4/33", "bad-cidr"],
  ["1.2.3/24", "bad-cidr"],
  ["2001:db8::/129", "bad-cidr"],
  ["0.0.0.0/0", "too-wide"],
  ["10.0.0.0/7", "too-wide"],
  ["::/0", "too-wide"],
  ["2001:db8:::1", "bad-ipv6"],
  ["fe80::1%eth0", "bad-ipv6"],
  ["http://", "bad-url"],
  ["http://evil.example:99999/", "bad-url"],
  ["http://0x7f.1/", "bad-url"],
  ["http://evil.example/a\u0007b", "bad-url"],
  ["javascript://evil.example/", "unsupported-scheme"],
  ["constructor://evil.example/", "unsupported-scheme"],
  [`http://evil.example/${"a".repeat(5000)}`, "too-long"],
  ["@evil.example", "bad-email"],
  ["a b@evil.example", "bad-email"],
  ["bob@com", "bad-email"],
  ["d41d8cd98f00b204e9800998ecf8427", "not-an-indicator"],
  ["x13d1516h2_8daaf6152771_e5627efa2ab1", "not-an-indicator"],
  ["t13d1516h2_8daaf6152771", "not-an-indicator"],
  ["t130200_1301_a56c5b993250", "not-an-indicator"],
];

describe("canonicalIndicator", () => {
  it.each(ACCEPTED)("takes %j as %s %s", (text, kind, value, ...notes) => {
    const outcome = canonicalIndicator(text);
    expect(outcome).toMatchObject({ ok: true, value: { kind, value, notes } });
  });

  it("takes an xn-- label as it stands, also where it decodes to nothing: every runtime alike", () => {
    expect(canonicalIndicator("XN--A.example")).toMatchObject({
      ok: true,
      value: { kind: "domain", value: "xn--a.example" },
    });
  });

  it.each(REFUSED)("refuses %j as %s", (text, code) => {
    const outcome = canonicalIndicator(text);
    expect(outcome.ok ? outcome.value : outcome.fault.code).toBe(code);
  });

  it("labels special-use addresses and networks instead of dropping them", () => {
    const uses = (text: string): readonly string[] => {
      const outcome = canonicalIndicator(text);
      return outcome.ok ? outcome.value.specialUse : [outcome.fault.code];
    };
    expect(uses("10.1.2.3")).toEqual(["private"]);
    expect(uses("172.16.0.0/11")).toEqual(["private"]);
    expect(uses("127.0.0.1")).toEqual(["loopback"]);
    expect(uses("2001:db8::1")).toEqual(["documentation"]);
    expect(uses("fe80::1")).toEqual(["link-local"]);
    // Of sites (RFC 3879), and translated within one (RFC 8215): what is asked outside must not lead there.
    expect(uses("fec0::1")).toEqual(["private"]);
    expect(uses("64:ff9b:1::7f00:1")).toEqual(["translation"]);
    expect(uses("239.1.1.1")).toEqual(["multicast"]);
    expect(uses("8.8.8.8")).toEqual([]);
    expect(uses("2606:4700::1111")).toEqual([]);
  });

  it("holds a value to the kinds that its source names", () => {
    expect(canonicalIndicator("192.0.2.1", ["domain"])).toMatchObject({ ok: false, fault: { code: "type-mismatch" } });
    // The example of salesforce/ja3: an MD5 digest to whom nothing else was said.
    const client = "ADA70206E40642A3E4461F35503241D5";
    expect(canonicalIndicator(client, ["ja3"])).toMatchObject({ value: { kind: "ja3", value: client.toLowerCase() } });
    expect(canonicalIndicator(client, ["md5", "ja3"])).toMatchObject({ value: { kind: "md5" } });
    expect(canonicalIndicator(client, ["ja4"])).toMatchObject({ ok: false, fault: { code: "type-mismatch" } });
    expect(canonicalIndicator(client.slice(1), ["ja3"]).ok).toBe(false);
    expect(canonicalIndicator("evil.example", ["url"])).toMatchObject({ value: { value: "http://evil.example/" } });
    expect(canonicalIndicator("::ffff:192.0.2.1", ["ipv4", "ipv6"])).toMatchObject({ value: { kind: "ipv4" } });
  });

  it("is idempotent, whatever it is given", () => {
    const seeds = [...ACCEPTED, ...REFUSED].map(([text]) => text);
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(40), fc.string({ maxLength: 4, unit: "binary" }))
      .map(([text, at, extra]) => text.slice(0, at) + extra + text.slice(at));
    const texts = fc.oneof(
      mutated,
      fc.string({ unit: "binary" }),
      fc.webUrl(),
      fc.emailAddress(),
      fc.domain(),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const once = canonicalIndicator(text);
        if (!once.ok) return;
        const { kind, value, specialUse } = once.value;
        expect(canonicalIndicator(value)).toEqual({ ok: true, value: { kind, value, specialUse, notes: [] } });
        expect(canonicalIndicator(value, [kind]).ok).toBe(true);
        expect(matchKey(kind, matchKey(kind, value))).toBe(matchKey(kind, value));
      }),
      { numRuns: 3000 },
    );
  });

  it("never quotes a control character in its messages", () => {
    const outcome = canonicalIndicator("evil\u001b[31m\u202e .example");
    expect(outcome.ok ? "" : outcome.fault.message).not.toMatch(/[\u001b\u202e]/);
  });

  it("folds the local part of an address for comparison only", () => {
    expect(matchKey("email", "Bob@evil.example")).toBe(matchKey("email", "bob@evil.example"));
    expect(matchKey("url", "http://evil.example/A")).toBe("http://evil.example/A");
  });

  it("detects kinds", () => {
    expect(detectKind("192.0.2.0/24")).toBe("cidr4");
    expect(detectKind("nonsense")).toBeUndefined();
  });
});

describe("domains against Node's own IDNA", () => {
  it("agree on names of letters of many scripts", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[\p{L}\p{N}]{1,12}$/u), { minLength: 1, maxLength: 3 }), (labels) => {
        const name = `${labels.join(".")}.example`;
        const outcome = canonicalIndicator(name, ["domain"]);
        const oracle = domainToASCII(name);
        const agrees = outcome.ok
          ? outcome.value.value === oracle
          : oracle === "" || /[^.]{64}|.{254}|[^a-z0-9_.-]/.test(oracle);
        expect([name, agrees]).toEqual([name, true]);
      }),
    );
  });
});
