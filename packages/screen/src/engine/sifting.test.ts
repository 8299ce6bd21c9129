import type { IndicatorKind } from "@detente/record";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Hit } from "../hit.ts";
import { buildIndicatorIndex } from "../indicator-index.ts";
import { createScreener, type Screener } from "../screener.ts";
import { imageIndex } from "../testing/sieve.ts";
import { createSieveScreener } from "./sieve-screener.ts";

const LONG = `${"x".repeat(40)}.${"y".repeat(40)}`;
const SHA256 = "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f";
const VALUES: readonly (readonly [IndicatorKind, string])[] = [
  ["domain", "evil.example"],
  ["domain", "shop.co.uk"],
  ["domain", "deep.blog.host.test"],
  ["domain", LONG],
  ["ipv4", "1.2.3.4"],
  ["ipv4", "255.255.255.255"],
  ["cidr4", "172.16.96.0/19"],
  ["cidr4", "77.0.0.0/9"],
  ["cidr4", "192.0.2.4/30"],
  ["cidr4", "203.0.112.0/20"],
  ["url", "http://5.6.7.8/x"],
  ["url", "http://host.example/x"],
  ["ipv6", "2001:db8:0:0:1:2:3:4"],
  ["sha256", SHA256],
];
const ITEMS = VALUES.map(([kind, value], ref) => ({ kind, value, ref }));

/** Tokens as they stand in logs, and how many indicators each of them is. */
const TOKENS: Readonly<Record<string, number>> = {
  "evil.example": 1,
  "EVIL.example.": 1,
  "www.evil.example": 1,
  ".evil.example": 1,
  "evil.example..": 1,
  "evil.example..a.b.c.d.e.f.g.h.i.j.k.l.other.test": 1,
  "notevil.example": 0,
  "evil.example.test": 0,
  "shop.co.uk": 1,
  "a.shop.co.uk": 1,
  "b.co.uk": 0,
  "co.uk": 0,
  "deep.blog.host.test": 1,
  "flat.blog.host.test": 0,
  "blog.host.test": 0,
  [LONG]: 1,
  [`a.${LONG}`]: 1,
  [`a${LONG}`]: 0,
  "1.2.3.4": 1,
  "1.2.3.4.": 1,
  ".1.2.3.4": 1,
  "1.2.3.0-1.2.3.4": 1,
  "1.2.3.5": 0,
  "1.2.3.04": 0,
  "11.2.3.4": 0,
  "1.2.3.4.5": 0,
  "255.255.255.255": 1,
  "172.16.96.0": 1,
  "172.16.127.255": 1,
  "172.16.128.0": 0,
  "77.0.0.1": 1,
  "77.127.255.254": 1,
  "77.128.0.0": 0,
  "192.0.2.7": 1,
  "192.0.2.8": 0,
  "203.0.127.1": 1,
  "http://5.6.7.8/x": 1,
  "http://host.example/x": 1,
  "http://host.example_": 0,
  "2001:db8::1:2:3:4": 1,
  "2001:db8:0:0:1:2:3:4": 1,
  "ab:cd:ef:01:23:45:67:89:2001:db8:0:0:1:2:3:4": 0,
  [SHA256]: 1,
  [`${SHA256}.exe`]: 1,
  [`${SHA256}0`]: 0,
  // By four bits of each character it would be the same.
  [SHA256.replace("a", "q")]: 0,
};

/** What stands around a token decides nothing, but it is in the same words of bits. */
const AROUND: readonly (readonly [string, string])[] = [
  [" ", " "],
  ["1.5,", ',"a.b"'],
  ["\t9.9.9.9 é|", "|"],
];
const PLACES = 140;

it("finds a token at any place of the words that it is read in", async () => {
  const walker = createScreener(buildIndicatorIndex(ITEMS));
  const sieve = createSieveScreener(imageIndex(ITEMS));
  for (const [token, count] of Object.entries(TOKENS)) {
    const lines = AROUND.flatMap(([before, after]) =>
      Array.from({ length: PLACES }, (_, place) => `${"-".repeat(place)}${before}${token}${after}`),
    );
    // The first lines are always walked: they must not be those that matter.
    const text = `${"\n".repeat(100)}${lines.join("\n")}`;
    const hits = await hitsOf(sieve, text);
    expect({ token, hits: hits.length }).toEqual({ token, hits: count * lines.length });
    expect(hits).toEqual(await hitsOf(walker, text));
  }
});

it("finds what is looked up whole, long or short, at any place of the words that it is read in", async () => {
  const md5 = SHA256.slice(0, 32);
  const sets: readonly (readonly [IndicatorKind, string, string])[] = [
    ["md5", md5, md5],
    ["ja4", "t13d1516h2_8daaf6152771_e5627efa2ab1", "t13d1516h2_8daaf6152771_e5627efa2ab1"],
    ["url", "http://intranet/x", "http://intranet/x"],
  ];
  for (const [kind, value, token] of sets) {
    const items = [{ kind, value, ref: 0 }];
    const sieve = createSieveScreener(imageIndex(items));
    const lines = ["", "a", "z".repeat(130)].flatMap((longer) =>
      Array.from({ length: PLACES }, (_, place) => `${"-".repeat(place)} ${longer} ${token} ${longer}`),
    );
    const text = `${"\n".repeat(100)}${lines.join("\n")}`;
    const hits = await hitsOf(sieve, text);
    expect({ token, hits: hits.length }).toEqual({ token, hits: lines.length });
    expect(hits).toEqual(await hitsOf(createScreener(buildIndicatorIndex(items)), text));
  }
});

it("finds an address again and again among more others than are remembered as dismissed", async () => {
  const sieve = createSieveScreener(imageIndex(ITEMS));
  const others = Array.from({ length: 40_000 }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  const lines = others.flatMap((other, i) => (i % 20 === 0 ? [other, "1.2.3.4", "192.0.2.7"] : [other]));
  const hits = await hitsOf(sieve, `${"\n".repeat(100)}${lines.join("\n")}\n${lines.join("\n")}`);
  expect(hits.length).toBe(2 * 2 * 2000);
});

it("tells numbers by all of their characters, in whatever order and however often they come", async () => {
  const sieve = createSieveScreener(imageIndex(ITEMS));
  // Of some the last sixteen characters are the same, and of some all but a dot before them.
  const tokens = ["255.255.255.255", ".255.255.255.255", "255.255.255.255-1.2.3.0", "155.255.255.255-1.2.3.0"];
  const isHit = [1, 1, 1, 0, 1, 1, 0, 0, 0];
  tokens.push("1.2.3.4", "1.2.3.0-1.2.3.4", "1.2.3.4.5", "1.2.3.0", "1.2.3.5-1.2.3.0");
  const picks = fc.array(fc.nat(tokens.length - 1), { minLength: 1, maxLength: 20 });
  // Numbers are remembered from one part of a text, which is read at once, to the next.
  const between = Array.from({ length: 200 }, () => "-".repeat(99));
  await fc.assert(
    fc.asyncProperty(picks, picks, async (before, after) => {
      const lines = [...before.map((pick) => tokens[pick]), ...between, ...after.map((pick) => tokens[pick])];
      const found = new Set((await hitsOf(sieve, `${"\n".repeat(100)}${lines.join("\n")}`)).map(({ line }) => line));
      const expected = [...lines.keys()].filter((i) => isHit[tokens.indexOf(lines[i] ?? "")] === 1);
      expect([...found]).toEqual(expected.map((i) => i + 101));
    }),
    { numRuns: 100 },
  );
});

async function hitsOf(screener: Screener<number>, text: string): Promise<Hit<number>[]> {
  const log = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  const hits: Hit<number>[] = [];
  for await (const hit of screener.screen(log, { name: "log", format: "text" })) hits.push(hit);
  return hits;
}
