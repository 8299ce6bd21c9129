import { equalBytes } from "@detente/basics";
import { maskIpv4, maskIpv6 } from "@detente/intel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IndicatorIndex, IndexedItem } from "../indicator-index.ts";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { NASTY_ITEMS } from "../testing/nasty-logs.ts";
import { imageIndex, sieveModule } from "../testing/sieve.ts";
import { ImageIndex } from "./image-index.ts";
import { IndicatorImage } from "./image.ts";

const address = fc.constantFrom(0x0102_0304, 0x0a14_1e28, 0x0a14_1e29, 0x0a14_ffff, 0xffff_ffff, 0);
const groups = fc.array(fc.constantFrom(0, 1, 0xdb8, 0x2001, 0xffff), { minLength: 8, maxLength: 8 });
const name = fc.constantFrom("evil.example", "a.evil.example", "evil.exampl", "x.test", "mail.example", "host.example");

const item = fc.oneof(
  fc.constantFrom(...NASTY_ITEMS).map(({ kind, value }) => ({ kind, value })),
  name.map((value) => ({ kind: "domain" as const, value })),
  fc.tuple(address, fc.integer({ min: 8, max: 31 })).map(([at, bits]) => {
    const masked = maskIpv4(at, bits);
    const octets = [24, 16, 8, 0].map((shift) => (masked >>> shift) & 255);
    return { kind: "cidr4" as const, value: `${octets.join(".")}/${bits}` };
  }),
  fc.tuple(groups, fc.integer({ min: 16, max: 127 })).map(([at, bits]) => {
    return {
      kind: "cidr6" as const,
      value: `${maskIpv6(at, bits)
        .map((group) => group.toString(16))
        .join(":")}/${bits}`,
    };
  }),
  fc.constant({ kind: "domain" as const, value: "not a domain" }),
);
const items: fc.Arbitrary<readonly IndexedItem<number>[]> = fc
  .array(item, { maxLength: 30 })
  .map((list) => list.map(({ kind, value }, ref) => ({ kind, value, ref })));

/** Everything that can be asked of an index, of all that may be in it and much that is not. */
function answers(index: IndicatorIndex<number>, at: readonly number[], v6: readonly (readonly number[])[]): unknown {
  const texts = [...NASTY_ITEMS.map(({ value }) => value), "a.evil.example", "x.test", "", "bücher", "x".repeat(5000)];
  return {
    size: index.size,
    has: [index.hasEmails, index.hasUrls],
    texts: texts.map((text) => [
      index.domain(text),
      index.hash(text),
      index.email(text.toLowerCase()),
      index.url(text),
      index.hasUrlHost(text),
    ]),
    hosts: ["host.example", "5.6.7.8", "2001:db8::5", "localhost"].map((host) => index.hasUrlHost(host)),
    ipv4: at.map((one) => index.ipv4(one)),
    ipv6: v6.map((one) => index.ipv6(one)),
  };
}

describe("the index over an image", () => {
  it("gives the answers of the index of maps, whatever the seed", () => {
    fc.assert(
      fc.property(
        items,
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.array(address),
        fc.array(groups),
        (list, seed, at, v6) => {
          const expected = answers(buildIndicatorIndex(list), at, v6);
          expect(answers(imageIndex(list, seed), at, v6)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("knows addresses that are asked for again, among more others than it remembers", () => {
    const list = ["10.0.7.7", "10.0.9.0/28", "10.1.0.0/16"].map((value, ref) => {
      return { kind: value.includes("/") ? ("cidr4" as const) : ("ipv4" as const), value, ref };
    });
    const [image, maps] = [imageIndex(list), buildIndicatorIndex(list)];
    for (let i = 0; i < 5000; i++) {
      const one = 0x0a00_0000 + ((i * 7919) % 70_000);
      expect([one, image.ipv4(one).map(({ ref }) => ref)]).toEqual([one, maps.ipv4(one).map(({ ref }) => ref)]);
      expect(image.ipv4(0x0a00_0707)).toEqual(maps.ipv4(0x0a00_0707));
    }
  });

  it("is not hurt by many items of one value, nor by names that a known seed throws together", () => {
    const same = Array.from({ length: 20_000 }, (_, ref) => ({ kind: "domain" as const, value: "evil.example", ref }));
    expect(
      imageIndex(same)
        .domain("evil.example")
        .map(({ ref }) => ref),
    ).toEqual(same.map(({ ref }) => ref));
    // All in one slot: a seed of which an attacker knows makes probing slow, but never wrong.
    const crowd = Array.from({ length: 2000 }, (_, i) => ({
      kind: "domain" as const,
      value: `n${i}.flood.test`,
      ref: i,
    }));
    for (const seed of [0n, 1n, 0xffff_ffff_ffff_ffffn]) {
      const index = imageIndex(crowd, seed);
      expect(crowd.every(({ value, ref }) => index.domain(value)[0]?.ref === ref)).toBe(true);
    }
  });
});

function load(bytes: Uint8Array): ReturnType<typeof IndicatorImage.load> {
  return IndicatorImage.load(sieveModule, bytes.length, (into, offset) =>
    into.set(bytes.subarray(offset, offset + into.length)),
  );
}

describe("an image", () => {
  const { image } = IndicatorImage.build(sieveModule, NASTY_ITEMS, 42n);
  const saved = image.bytes.slice();

  it("is the same after it was saved and loaded", () => {
    const loaded = load(saved);
    if (!loaded.ok) throw new Error(loaded.fault.message);
    expect(equalBytes(loaded.value.bytes, saved)).toBe(true);
    const index = new ImageIndex(loaded.value, (ref) => ref);
    expect(answers(index, [0x0a14_1e28], [])).toEqual(answers(buildIndicatorIndex(NASTY_ITEMS), [0x0a14_1e28], []));
  });

  it("is refused when it is damaged, cut, of another version or none", () => {
    const changed = (at: number): Uint8Array => saved.map((byte, i) => (i === at ? byte ^ 1 : byte));
    const bad = [
      changed(0),
      changed(4),
      changed(9),
      changed(20),
      changed(saved.length - 1),
      saved.slice(0, -64),
      new Uint8Array(7),
    ];
    for (const bytes of bad) expect(load(bytes)).toMatchObject({ fault: { code: "bad-image" } });
  });
});
