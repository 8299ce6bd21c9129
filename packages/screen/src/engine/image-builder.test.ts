import { equalBytes } from "@detente/basics";
import { INDICATOR_KINDS } from "@detente/record";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildIndicatorIndex, type IndexedItem, type RefusedItem } from "../indicator-index.ts";
import { NASTY_ITEMS } from "../testing/nasty-logs.ts";
import { imageIndex, sieveModule } from "../testing/sieve.ts";
import { IndicatorImage } from "./image.ts";

/** Refused, and in no ASCII: no text that comes with it is looked at by the sieve's program. */
const NOT_ASCII: Pick<IndexedItem<number>, "kind" | "value"> = { kind: "domain", value: "é" };

const part = fc.oneof(
  fc.constantFrom("evil", "EVIL", "a", "x".repeat(63), "x".repeat(64), "co", "uk", "com", "xn--a", "_a", "-a", "a-"),
  fc.constantFrom(
    "http",
    "ftps",
    "in-addr",
    "arpa",
    "com1",
    "1",
    "01",
    "255",
    "256",
    "0",
    "32",
    "8",
    "7",
    "f".repeat(32),
  ),
  fc.string({ maxLength: 3 }),
);
const joined = (by: string, maxLength: number): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength }).map((parts) => parts.join(by));
const octet = fc.constantFrom("0", "1", "9", "10", "99", "128", "255", "256", "01", "");
const address = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join("."));
const digit = fc.constantFrom(..."0123456789abcdefAFg".split(""));
const digest = fc
  .constantFrom(31, 32, 40, 63, 64)
  .chain((length) => fc.array(digit, { minLength: length, maxLength: length }).map((digits) => digits.join("")));
const lowerDigest = digest.map((text) => text.toLowerCase().replaceAll("g", "0"));

const network = fc.tuple(address, part).map(([of, bits]) => `${of}/${bits}`);
const url = fc
  .tuple(fc.constantFrom("http", "https", "ftp", "HTTP", "ssh"), joined(".", 3), fc.constantFrom("", "/", ":80/"), part)
  .map(([scheme, host, slash, path]) => `${scheme}://${host}${slash}${path}`);
const email = fc
  .tuple(joined(".", 2), fc.constantFrom("@", "@@", "+@", ".@"), joined(".", 3))
  .map((parts) => parts.join(""));
/** Edges of the rules, which chance would seldom meet. */
const edge = fc.constantFrom(
  ...(
    [
      ["domain", "evil._com"],
      ["domain", "evil.c_m"],
      ["domain", "evil.-com"],
      ["domain", "evil.com1"],
      ["domain", "co.uk"],
      ["domain", "a.co.uk"],
      ["domain", "ip6.arpa"],
      ["domain", "evil.xhttps"],
      ["cidr4", "2.0.0.0/7"],
      ["cidr4", "1.0.0.0/8"],
      ["cidr4", "1.2.3.5/31"],
      ["cidr4", "1.2.3.4/31"],
      ["cidr4", "1.2.3.4/32"],
      ["url", "http://xn--a.example/"],
      ["url", "http://xn-a.example/"],
      ["url", "http://evil.example"],
      ["url", "ftp://evil.ftp/`"],
    ] as const
  ).map(([kind, value]) => ({ kind, value })),
);
const anyText = fc.oneof(joined(".", 5), address, network, url, email, digest, lowerDigest);
/** What is, or almost is, in canonical form: of its kind mostly. */
const item: fc.Arbitrary<Pick<IndexedItem<number>, "kind" | "value">> = fc.oneof(
  fc.constantFrom(...NASTY_ITEMS).map(({ kind, value }) => ({ kind, value })),
  edge,
  fc.record({ kind: fc.constant("domain" as const), value: joined(".", 5) }),
  fc.record({ kind: fc.constant("ipv4" as const), value: address }),
  fc.record({ kind: fc.constant("cidr4" as const), value: network }),
  fc.record({ kind: fc.constant("url" as const), value: url }),
  fc.record({ kind: fc.constant("email" as const), value: email }),
  fc.record({ kind: fc.constantFrom("md5" as const, "sha1" as const, "sha256" as const), value: lowerDigest }),
  fc.record({ kind: fc.constantFrom(...INDICATOR_KINDS), value: anyText }),
);
const items: fc.Arbitrary<readonly IndexedItem<number>[]> = fc
  .array(item, { minLength: 1, maxLength: 40 })
  .map((list) => list.map((one, ref) => ({ ...one, ref })));

function build(of: readonly IndexedItem<number>[]): { image: IndicatorImage; refused: readonly RefusedItem<number>[] } {
  return IndicatorImage.build(sieveModule, of, 7n);
}

describe("items on their way into an image", () => {
  it("are taken by the sieve's program as they are one by one, byte for byte", () => {
    fc.assert(
      fc.property(items, (list) => {
        const quick = build(list);
        const slow = build([...list, { ...NOT_ASCII, ref: list.length }]);
        expect(equalBytes(quick.image.bytes, slow.image.bytes)).toBe(true);
        expect(quick.refused).toEqual(slow.refused.slice(0, -1));
        expect(quick.refused).toEqual(buildIndicatorIndex(list).refused);
      }),
      { numRuns: 250 },
    );
  });

  it("keep their order over many batches, with long, foreign and false ones among them", () => {
    const odd = ["x".repeat(5000), "é.example", "bücher.example", `${"y".repeat(60)}.${"z".repeat(60)}.example`, "no"];
    const list = Array.from({ length: 3000 }, (_, ref) => {
      const value = ref % 7 === 0 ? (odd[(ref / 7) % odd.length] as string) : `n${ref % 11}.example`;
      return { kind: "domain" as const, value, ref };
    });
    const expected = buildIndicatorIndex(list);
    const index = imageIndex(list);
    expect(index.size).toBe(expected.size);
    expect(build(list).refused).toEqual(expected.refused);
    for (const name of ["n3.example", "xn--bcher-kva.example", odd[3] as string]) {
      expect(index.domain(name)).toEqual(expected.domain(name));
      expect(index.domain(name).length).toBeGreaterThan(80);
    }
  });

  it("fill the room for their texts", () => {
    const list = Array.from({ length: 200 }, (_, ref) => ({
      kind: "url" as const,
      value: `http://h${ref}.example/${"p".repeat(2000)}`,
      ref,
    }));
    const index = imageIndex(list);
    expect(list.map(({ value }) => index.url(value)[0]?.ref)).toEqual(list.map(({ ref }) => ref));
    expect(index.hasUrlHost("h199.example")).toBe(true);
  });
});
