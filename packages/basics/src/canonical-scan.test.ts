import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8 } from "./bytes.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { isPlainlyCanonical, plainValueEnd } from "./canonical-scan.ts";

/** What leaves and bodies are made of. */
const plain = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
    fc.string({ unit: fc.constantFrom("a", "Z", "0", " ", ".", '"', "\\", "\n", "\t", "é", "😀", "\u007f", "{", ",") }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: fc.constantFrom("a", "b", "B", "_", "1", "-", " ") }), tie("value"), {
      maxKeys: 4,
    }),
  ),
})).value;

/** Valid JSON by another's hand: other spaces, other orders, other escapes, other numbers. */
const foreign = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.tuple(plain, fc.constantFrom(" ", "\t", "")).map(([value, gap]) => JSON.stringify(value, null, gap)),
  fc
    .array(fc.constantFrom('"a":1', '"b":{"x":[1,{"c":2,"d":3}],"y":0}', '"":-0', '"b":1.5', '"\\u0061":1e2', '"é":7'))
    .map((members) => `{${members.join(",")}}`),
  fc
    .array(
      fc.constantFrom("0", "-0", "1.0", "12e3", "1E2", "999999999999999", "1000000000000000", '"\\/"', '"\\u0007"'),
    )
    .map((items) => `[${items.join(",")}]`),
);

describe("isPlainlyCanonical", () => {
  it("knows what leaves and bodies are made of", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(isPlainlyCanonical(utf8(canonicalJson(value)))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it("is never wrong about valid JSON, by the long way's own judgement", () => {
    let plainly = 0;
    fc.assert(
      fc.property(foreign, (text) => {
        if (!isPlainlyCanonical(utf8(text))) return;
        plainly++;
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
      { numRuns: 5000 },
    );
    expect(plainly).toBeGreaterThan(100);
  });

  it.each([
    ['{"a":1,"B":2}', false],
    ['{"B":1,"a":2}', true],
    ['{"a":1,"a":1}', false],
    ['{"a":{"z":1},"b":[{"a":0},{"a":0}]}', true],
    ['{"a":{"z":1,"y":2}}', false],
    ['{"ab":1,"a":2}', false],
    ['{"":1,"a":2}', true],
    ['{"a":1 }', false],
    ["[-0]", false],
    ["[-1,0,10]", true],
    [`${"[".repeat(64)}${"]".repeat(64)}`, true],
    [`${"[".repeat(65)}${"]".repeat(65)}`, false],
  ])("%s: %s", (text, expected) => {
    expect(isPlainlyCanonical(utf8(text))).toBe(expected);
  });
});

describe("plainValueEnd", () => {
  it("finds where a value ends, whatever follows it", () => {
    fc.assert(
      fc.property(plain, fc.constantFrom(",1]", "]", "}", ',"z":0}'), fc.nat(50), (value, rest, outer) => {
        const text = utf8(canonicalJson(value));
        const start = rest.length;
        expect(plainValueEnd(utf8(`${rest}${canonicalJson(value)}${rest}`), start, outer)).toBe(start + text.length);
      }),
    );
  });

  it("counts what the value stands in as depth", () => {
    const nested = utf8(`${"[".repeat(14)}${"]".repeat(14)},`);
    expect(plainValueEnd(nested, 0, 50)).toBe(28);
    expect(plainValueEnd(nested, 0, 51)).toBe(-1);
  });
});
