import { canonicalJsonBytes, toHex, utf8, utf8Decode } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isHeadsLeaf, parseLeaf } from "./leaf.ts";
import { STATEMENT_TYPES } from "./vocabulary.ts";
import { readPlainLeaf } from "./plain-leaf.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

/** What the long way takes from a leaf. */
function byParsing(bytes: Uint8Array): object | undefined {
  const parsed = parseLeaf(bytes);
  if (!parsed.ok || isHeadsLeaf(parsed.value)) return undefined;
  const { type, size, body, unit, of } = parsed.value;
  return { type, size, hashes: body + unit + of.join("") };
}

function bySpelling(bytes: Uint8Array): object | undefined {
  const leaf = readPlainLeaf(bytes);
  return leaf && { ...leaf, hashes: toHex(leaf.hashes) };
}

const hash = fc.nat(1000).map((seed) => hexOf(`${seed}`));
const members = fc.record({
  v: fc.constant(1),
  unit: hash,
  type: fc.constantFrom(...STATEMENT_TYPES),
  of: fc.uniqueArray(hash, { maxLength: 64 }),
  at: fc.nat(2 ** 50 - 1).map((at) => Math.min(at, 999_999_999_999_999)),
  body: hash,
  size: fc.integer({ min: 2, max: 2 ** 20 }),
});
const sealed = fc.record({ exponent: fc.integer({ min: 9, max: 20 }), members }).map(({ exponent, members: leaf }) => ({
  ...leaf,
  type: "sealed",
  of: [],
  size: 2 ** exponent,
}));
const leaf = fc.oneof(members, sealed).map((value) => canonicalJsonBytes(value));

describe("readPlainLeaf", () => {
  it("reads every leaf of a statement as the long way does", () => {
    fc.assert(
      fc.property(leaf, (bytes) => {
        expect(bySpelling(bytes)).toBeDefined();
        expect(bySpelling(bytes)).toEqual(byParsing(bytes));
      }),
    );
  });

  it("reads nothing that the long way refuses or reads otherwise", () => {
    const patch = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom("0", "00", "1", "-1", '"', ",", "]", "sealed"));
    fc.assert(
      fc.property(leaf, fc.nat(), fc.nat(4), patch, (bytes, place, removed, text) => {
        const at = place % (bytes.length + 1);
        const spelt = utf8Decode(bytes) as string;
        const changed = utf8(spelt.slice(0, at) + text + spelt.slice(at + removed));
        const plain = bySpelling(changed);
        expect(plain ?? byParsing(changed)).toEqual(byParsing(changed));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, object]>([
    ["a reference twice", { of: [hexOf("a"), hexOf("b"), hexOf("a")] }],
    ["65 references", { of: Array.from({ length: 65 }, (_, i) => hexOf(`${i}`)) }],
    ["a body of one byte", { size: 1 }],
    ["a body that is too large", { size: 2 ** 20 + 1 }],
    ["a size that is padded with a zero", { size: "0512" }],
    ["a telling size where sealed", { type: "sealed", of: [], size: 513 }],
    ["references where sealed", { type: "sealed", size: 512 }],
    ["an unknown type", { type: "shout" }],
    ["another version", { v: 2 }],
    ["an upper-case hash", { body: hexOf("body").toUpperCase() }],
    ["one member more", { w: 1 }],
  ])("leaves %s to the long way", (_what, change) => {
    const whole = { v: 1, unit: hexOf("unit"), type: "open", of: [hexOf("a")], at: 5, body: hexOf("body"), size: 300 };
    expect(bySpelling(canonicalJsonBytes(whole))).toBeDefined();
    const changed = canonicalJsonBytes({ ...whole, ...change });
    const spelt = utf8((utf8Decode(changed) as string).replace('"0512"', "0512"));
    expect(bySpelling(spelt)).toBeUndefined();
    expect(byParsing(spelt)).toBeUndefined();
  });

  it("leaves what is cut short or goes on to the long way", () => {
    const whole = canonicalJsonBytes({
      v: 1,
      unit: hexOf("unit"),
      type: "open",
      of: [hexOf("a"), hexOf("b")],
      at: 5,
      body: hexOf("body"),
      size: 300,
    });
    for (let length = 0; length < whole.length; length++) {
      expect(readPlainLeaf(whole.subarray(0, length))).toBeUndefined();
    }
    expect(readPlainLeaf(Uint8Array.of(...whole, 0x20))).toBeUndefined();
    expect(readPlainLeaf(bytesOf("no leaf"))).toBeUndefined();
  });
});
