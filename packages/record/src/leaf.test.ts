import { canonicalJsonBytes, type Json, toBase64, unwrap, utf8 } from "@detente/basics";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftHeads } from "./draft.ts";
import { isHeadsLeaf, parseLeaf } from "./leaf.ts";
import { bytesOf, hexOf } from "./testing/samples.ts";

const statement = {
  v: 1,
  unit: hexOf("unit"),
  type: "observe",
  of: [hexOf("a"), hexOf("b")],
  at: 1_700_000_000_000,
  body: hexOf("body"),
  size: 300,
};
const heads = {
  v: 1,
  unit: hexOf("unit"),
  type: "observe",
  at: 1_700_000_000_000,
  heads: [{ log: "north.example/log", size: 7, root: toBase64(bytesOf("root")) }],
};

function parse(value: unknown): ReturnType<typeof parseLeaf> {
  return parseLeaf(canonicalJsonBytes(value as Json));
}

describe("parseLeaf", () => {
  it("reads both forms", () => {
    expect(parse(statement)).toEqual({ ok: true, value: statement });
    expect(parse(heads)).toEqual({ ok: true, value: heads });
    expect(isHeadsLeaf(unwrap(parse(heads)))).toBe(true);
    expect(isHeadsLeaf(unwrap(parse(statement)))).toBe(false);
  });

  it.each(["open", "exhibit", "weigh", "position", "account", "observe", "seal"])("takes the type %s", (type) => {
    expect(parse({ ...statement, type }).ok).toBe(true);
  });

  it.each([
    ["another version", { v: 2 }, "leaf.v: expected 1"],
    ["a short unit", { unit: "ab" }, "leaf.unit: expected 64 lower-case hexadecimal digits"],
    [
      "an upper-case unit",
      { unit: hexOf("unit").toUpperCase() },
      "leaf.unit: expected 64 lower-case hexadecimal digits",
    ],
    [
      "an unknown type",
      { type: "shout" },
      'leaf.type: expected one of "open", "exhibit", "weigh", "position", "account", "observe", "seal", "sealed"',
    ],
    ["a reference that is no hash", { of: ["x"] }, "leaf.of[0]: expected 64 lower-case hexadecimal digits"],
    ["a reference twice", { of: [hexOf("a"), hexOf("a")] }, "leaf.of: names a statement twice"],
    [
      "65 references",
      { of: Array.from({ length: 65 }, (_, i) => hexOf(`${i}`)) },
      "leaf.of: expected a list of 0 to 64",
    ],
    ["a negative time", { at: -1 }, "leaf.at: expected an integer from 0 to 8640000000000000"],
    ["a broken time", { at: 1.5 }, "leaf.at: expected an integer from 0 to 8640000000000000"],
    ["a time as text", { at: "now" }, "leaf.at: expected an integer from 0 to 8640000000000000"],
    ["no body", { size: 0 }, "leaf.size: expected an integer from 2 to 1048576"],
    ["a body that is too large", { size: 1_048_577 }, "leaf.size: expected an integer from 2 to 1048576"],
    ["one member more", { extra: true }, "leaf: has a member that this form does not have (extra)"],
    ["references where sealed", { type: "sealed", size: 512 }, "leaf.of: must be empty where the type is sealed"],
    [
      "a telling size where sealed",
      { type: "sealed", of: [], size: 513 },
      "leaf.size: a sealed body's size is a power of two from 512",
    ],
  ])("refuses %s", (_what, change, message) => {
    expect(parse({ ...statement, ...change })).toEqual({ ok: false, fault: { code: "bad-form", message } });
  });

  it.each([
    ["no heads", { heads: [] }],
    ["a log twice", { heads: [heads.heads[0], heads.heads[0]] }],
    ["another type", { type: "open" }],
    ["a short root", { heads: [{ ...heads.heads[0], root: "AAAA" }] }],
    ["a root that is not canonical base64", { heads: [{ ...heads.heads[0], root: `${"A".repeat(42)}B=` }] }],
    ["an origin with a space", { heads: [{ ...heads.heads[0], log: "a b" }] }],
    ["an origin with a plus", { heads: [{ ...heads.heads[0], log: "a+b" }] }],
    ["a negative size", { heads: [{ ...heads.heads[0], size: -1 }] }],
    ["a body as well", { body: hexOf("body") }],
    ["heads that are no list", { heads: null }],
    ["a further member in a head", { heads: [{ ...heads.heads[0], more: 1 }] }],
  ])("refuses an observation with %s", (_what, change) => {
    expect(parse({ ...heads, ...change })).toMatchObject({ ok: false, fault: { code: "bad-form" } });
  });

  it("needs every member", () => {
    const lacking = [statement, heads].flatMap((whole) =>
      Object.keys(whole).map((member) => Object.fromEntries(Object.entries(whole).filter(([name]) => name !== member))),
    );
    expect(lacking.filter((rest) => parse(rest).ok)).toEqual([]);
  });

  it("refuses more than 16 KiB before it reads them", () => {
    expect(parseLeaf(new Uint8Array(16 * 1024 + 1))).toMatchObject({ fault: { code: "too-large" } });
  });

  it("refuses a second form of the same leaf", () => {
    const text = JSON.stringify(statement);
    expect(parseLeaf(utf8(text))).toMatchObject({ fault: { code: "not-canonical" } });
  });

  it("refuses every single-bit change or reads another leaf", () => {
    const bytes = canonicalJsonBytes(statement);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const parsed = parseLeaf(changed);
      expect(parsed.ok ? parsed.value : undefined).not.toEqual(statement);
    }
  });

  it("never throws", () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
    const member = fc.constantFrom("v", "unit", "type", "of", "at", "body", "size", "heads", "__proto__");
    fc.assert(
      fc.property(fc.oneof(json, fc.dictionary(member, json)), fc.uint8Array(), (value, bytes) => {
        expect(() => parseLeaf(bytes)).not.toThrow();
        expect(() => parse({ ...statement, ...(value as object) })).not.toThrow();
        expect(() => parse({ ...heads, ...(value as object) })).not.toThrow();
        expect(() => parse(value)).not.toThrow();
      }),
    );
  });
});

describe("draftHeads", () => {
  it("orders the logs and writes these bytes", () => {
    const root = toBase64(bytesOf("root"));
    const leaf = draftHeads({
      unit: hexOf("unit"),
      at: 5,
      heads: [
        { log: "b", size: 2, root },
        { log: "a", size: 1, root },
      ],
    });
    expect(leaf).toEqual(
      utf8(
        `{"at":5,"heads":[{"log":"a","root":"${root}","size":1},{"log":"b","root":"${root}","size":2}],` +
          `"type":"observe","unit":"${hexOf("unit")}","v":1}`,
      ),
    );
  });

  it("throws on what no station would read", () => {
    expect(() => draftHeads({ unit: hexOf("unit"), at: 5, heads: [] })).toThrow(
      "leaf.heads: expected a list of 1 to 256",
    );
  });
});
